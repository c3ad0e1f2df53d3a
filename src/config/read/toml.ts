import { parse, TomlError } from 'smol-toml';
import { type Path, syntaxError } from '../problems.ts';
import type { Input, Source } from './source.ts';

export function readToml({ file, shown, text }: Input): Source {
  try {
    return { value: parse(text), files: [file], lineOf: (path) => lineOf(text, path) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw syntaxError(shown, error, tomlMessage(error));
  }
}

/** smol-toml puts a picture of the code below its message. */
function tomlMessage(error: TomlError): string {
  return (error.message.split('\n')[0] as string).replace(/^Invalid TOML document:\s*/, '');
}

const HEADER = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/;
const KEY = /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=/;

/** The parser keeps no positions: the line whose table and key together cover most of the path. */
function lineOf(text: string, path: Path): number | null {
  const keys = path.filter((part): part is string => typeof part === 'string');
  let table: string[] = [];
  let best: { line: number; length: number } | null = null;
  text.split('\n').forEach((source, index) => {
    const header = HEADER.exec(source);
    if (header !== null) table = parts(header[1] as string);
    const key = header === null ? KEY.exec(source) : null;
    if (header === null && key === null) return;
    const full = key === null ? table : [...table, ...parts(key[1] as string)];
    const covers = full.every((part, at) => part === keys[at]);
    if (covers && full.length > (best?.length ?? 0)) best = { line: index + 1, length: full.length };
  });
  return (best as { line: number } | null)?.line ?? null;
}

function parts(dotted: string): string[] {
  const found = dotted.match(/"[^"]*"|'[^']*'|[\w-]+/g) ?? [];
  return found.map((part) => part.replace(/^(["'])(.*)\1$/, '$2'));
}
