import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Path, syntaxError } from '../problems.ts';
import type { Input, Source } from './source.ts';

export function readYaml({ file, shown, text }: Input): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw syntaxError(shown, { line, column: col }, firstLine(error.message));
  }
  const lineOf = (path: Path) => {
    const offset = offsetOf(document.contents as Node | null, path);
    return offset === null ? null : lines.linePos(offset).line;
  };
  return { value: document.toJS(), files: [file], lineOf };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] as string).replace(/:$/, '');
}

/** Offset of the key or element that the path names, or of its nearest parent. */
function offsetOf(root: Node | null, path: Path): number | null {
  let found: number | null = null;
  let node: unknown = root;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === part,
      );
      if (pair === undefined) break;
      found = (pair.key as Node).range?.[0] ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      found = (node as Node | undefined)?.range?.[0] ?? found;
    } else break;
  }
  return found;
}
