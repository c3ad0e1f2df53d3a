/** Where a key stands in a configuration that is a program: a careful look at its text, for the line in a message. */
import type { Path } from '../problems.ts';
import { positionAt } from './source.ts';

interface Key {
  name: string;
  offset: number;
  /** Number of brackets open around it. */
  depth: number;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|[\p{L}_$][\p{L}\p{N}_$]*|[{}[\]():,]/gu;

/** The line of the path's last key that can be found, each inside the one before; null when not even the first is. */
export function scriptLine(text: string, path: Path): number | null {
  const keys = keysIn(text);
  let from = 0;
  let inside: Key | null = null;
  for (const name of path) {
    if (typeof name === 'number') continue;
    const next = childNamed(keys, name, from, inside);
    if (next === -1) break;
    inside = keys[next] as Key;
    from = next + 1;
  }
  return inside === null ? null : positionAt(text, inside.offset).line;
}

function childNamed(keys: Key[], name: string, from: number, parent: Key | null): number {
  for (let index = from; index < keys.length; index++) {
    const key = keys[index] as Key;
    if (parent !== null && key.depth <= parent.depth) return -1;
    if (key.name === name && (parent === null || key.depth === parent.depth + 1)) return index;
  }
  // One level deeper than expected: `dependsOn: [{ service: … }]`.
  return parent === null
    ? -1
    : keys.findIndex((key, index) => index >= from && key.name === name && key.depth > parent.depth);
}

/** Words and quoted texts that stand before a `:`, or alone between commas and brackets (`{ a, b }`). */
function keysIn(text: string): Key[] {
  const tokens = [...text.matchAll(TOKEN)].filter(([token]) => !/^\/[/*]/.test(token));
  const keys: Key[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const [word] = token;
    if (/^[{[(]$/.test(word)) depth++;
    else if (/^[}\])]$/.test(word)) depth--;
    else if (/^["'\p{L}_$]/u.test(word)) {
      const before = tokens[index - 1]?.[0] ?? '';
      const after = tokens[index + 1]?.[0] ?? '';
      const shorthand = /^[{,]$/.test(before) && /^[},]$/.test(after);
      if (after === ':' || shorthand) keys.push({ name: unquoted(word), offset: token.index, depth });
    }
  });
  return keys;
}

function unquoted(word: string): string {
  return word.replace(/^(["'])([\s\S]*)\1$/, '$2');
}
