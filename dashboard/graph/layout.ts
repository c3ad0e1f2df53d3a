/** Where the boxes and arrows of a graph go. */
import { Graph, layout } from '@dagrejs/dagre';
import type { ResolvedService } from '../../src/contract/config.ts';

export interface Size {
  width: number;
  height: number;
  /** px between a box and the next column. */
  gap: number;
}

export const WIDE: Size = { width: 184, height: 40, gap: 120 };
/** Two columns fit on a telephone. */
export const NARROW: Size = { width: 138, height: 36, gap: 44 };

export interface Edge {
  from: string;
  to: string;
}

export interface Picture<E extends Edge = Edge> {
  width: number;
  height: number;
  boxes: { name: string; x: number; y: number }[];
  arrows: (E & { path: string })[];
}

/** Left to right: what is needed comes before what needs it. Services that nothing ties to another are left out. */
export function pictureOf(
  services: Pick<ResolvedService, 'name' | 'dependsOn'>[],
  size: Size,
): Picture<Edge & { required: boolean }> {
  const known = new Set(services.map(({ name }) => name));
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn
      .filter(({ service }) => known.has(service))
      .map(({ service, required }) => ({ from: service, to: name, required })),
  );
  return arrange([...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges, size);
}

/** Left to right along the edges. */
export function arrange<E extends Edge>(
  names: readonly string[],
  edges: readonly E[],
  size: Size,
): Picture<E> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: size.gap, marginx: 2, marginy: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of names) graph.setNode(name, { width: size.width, height: size.height });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const boxes = graph.nodes().map((name) => {
    const { x = 0, y = 0 } = graph.node(name);
    return { name, x: x - size.width / 2, y: y - size.height / 2 };
  });
  const place = new Map(boxes.map((box) => [box.name, box]));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes,
    arrows: edges.map((edge) => ({ ...edge, path: arrow(place.get(edge.from), place.get(edge.to), size) })),
  };
}

type Box = Picture['boxes'][number] | undefined;

function arrow(from: Box, to: Box, { width, height }: Size): string {
  if (from === undefined || to === undefined) return '';
  const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x - 6, to.y + height / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
