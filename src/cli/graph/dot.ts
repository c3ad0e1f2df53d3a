/** As Graphviz reads it: https://graphviz.org/doc/info/lang.html */
import { harmless } from '../../api/graph/paths.ts';
import { edgesOf, type NodeKind, type Picture } from './picture.ts';

const LOOKS: Record<NodeKind, string> = {
  service: ', shape=ellipse, style=bold',
  entry: ', style=bold',
  file: '',
  package: ', shape=component',
  missing: ', style=dashed',
};

export function dot(picture: Picture): string {
  const ids = new Map([...picture.nodes.keys()].map((id, index) => [id, `n${index}`]));
  const nodes = [...picture.nodes].map(
    ([id, { label, kind }]) => `  ${ids.get(id)} [label=${quoted(label)}${LOOKS[kind]}];`,
  );
  const edges = edgesOf(picture).map(([from, to]) => `  ${ids.get(from)} -> ${ids.get(to)};`);
  return [
    `digraph ${quoted(picture.title)} {`,
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

/** A backslash begins an escape in a label, and `&` an entity. */
function quoted(text: string): string {
  return `"${harmless(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')}"`;
}
