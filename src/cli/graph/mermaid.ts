/** As Mermaid reads it, for Markdown: https://mermaid.js.org/syntax/flowchart.html */
import { harmless } from '../../api/graph/paths.ts';
import { edgesOf, type NodeKind, type Picture } from './picture.ts';

const SHAPES: Record<NodeKind, (label: string) => string> = {
  service: (label) => `([${label}])`,
  entry: (label) => `[${label}]:::entry`,
  file: (label) => `[${label}]`,
  package: (label) => `[[${label}]]`,
  missing: (label) => `[${label}]:::missing`,
};

export function mermaid(picture: Picture): string {
  const ids = new Map([...picture.nodes.keys()].map((id, index) => [id, `n${index}`]));
  const nodes = [...picture.nodes].map(
    ([id, { label, kind }]) => `  ${ids.get(id)}${SHAPES[kind](quoted(label))}`,
  );
  const edges = edgesOf(picture).map(([from, to]) => `  ${ids.get(from)} --> ${ids.get(to)}`);
  return [
    'flowchart LR',
    '  classDef entry stroke-width:3px',
    '  classDef missing stroke-dasharray:4',
    ...nodes,
    ...edges,
    '',
  ].join('\n');
}

/**
 * Whatever could mean something in a label (quotes, HTML, Markdown, entities, an address) is written as its
 * code; so is what would begin a list.
 */
function quoted(text: string): string {
  const coded = harmless(text)
    .replace(/[^\p{L}\p{N} ./\-()[\]{}@+=,:_]|:\/\//gu, code)
    .replace(/(?<=^\d*)[.+-](?= )/, code);
  return `"${coded}"`;
}

function code(text: string): string {
  return [...text].map((each) => `#${each.codePointAt(0)};`).join('');
}
