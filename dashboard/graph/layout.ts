/** Where the boxes and arrows of the dependency graph go. */
import { Graph, layout } from '@dagrejs/dagre';
import type { ResolvedService } from '../../src/contract/config.ts';

export const BOX = { width: 168, height: 40 };

export interface Picture {
  width: number;
  height: number;
  boxes: { name: string; x: number; y: number }[];
  arrows: { from: string; to: string; required: boolean; path: string }[];
}

/** Left to right: what is needed comes before what needs it. Services that nothing ties to another are left out. */
export function pictureOf(services: Pick<ResolvedService, 'name' | 'dependsOn'>[], narrow: boolean): Picture {
  const graph = new Graph();
  graph.setGraph({
    rankdir: narrow ? 'TB' : 'LR',
    nodesep: 14,
    ranksep: narrow ? 48 : 120,
    marginx: 8,
    marginy: 8,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(services.map(({ name }) => name));
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn
      .filter(({ service }) => known.has(service))
      .map(({ service, required }) => ({ from: service, to: name, required })),
  );
  for (const name of new Set(edges.flatMap(({ from, to }) => [from, to]))) graph.setNode(name, { ...BOX });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const boxes = graph.nodes().map((name) => {
    const { x = 0, y = 0 } = graph.node(name);
    return { name, x: x - BOX.width / 2, y: y - BOX.height / 2 };
  });
  const place = new Map(boxes.map((box) => [box.name, box]));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes,
    arrows: edges.map((edge) => ({ ...edge, path: arrow(place.get(edge.from), place.get(edge.to), narrow) })),
  };
}

type Box = Picture['boxes'][number] | undefined;

function arrow(from: Box, to: Box, narrow: boolean): string {
  if (from === undefined || to === undefined) return '';
  const [x1, y1, x2, y2] = narrow
    ? [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y - 6]
    : [from.x + BOX.width, from.y + BOX.height / 2, to.x - 6, to.y + BOX.height / 2];
  const bend = narrow ? (y2 - y1) / 2 : (x2 - x1) / 2;
  return narrow
    ? `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
