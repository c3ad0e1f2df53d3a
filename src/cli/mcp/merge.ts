/** An entry put into a client's file, everything else left as it stands, comments too. Pure. */
import { isDeepStrictEqual } from 'node:util';
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  type Node,
  type ParseError,
  parseTree,
} from 'jsonc-parser';
import { parse, stringify } from 'smol-toml';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { ClientFile } from './clients.ts';

const BOM = '\uFEFF';

/** The text with the entry; null: it is there already. `text`: null when there is no file. Throws UserError. */
export function merged(client: ClientFile, text: string | null): string | null {
  const bom = text?.startsWith(BOM) ? BOM : '';
  const before = text?.slice(bom.length) ?? '';
  const after = client.format === 'json' ? mergedJson(client, before) : mergedToml(client, before);
  return after === null ? null : `${bom}${after}`;
}

function mergedJson({ file, path, entry }: ClientFile, text: string): string | null {
  const before = text.trim() === '' ? '{}\n' : text;
  const errors: ParseError[] = [];
  const tree = parseTree(before, errors, { allowTrailingComma: true });
  if (tree === undefined || errors.length > 0) throw unreadable(file, 'it is not JSON');
  const present = findNodeAtLocation(tree, path);
  if (present !== undefined && isDeepStrictEqual(plain(getNodeValue(present)), entry)) return null;
  const { at, missing } = placeIn(tree, path, file);
  const value = missing.reduceRight<object>((inner, key) => ({ [key]: inner }), entry);
  // As the first: behind the last one it would come between that and the remark after it.
  const formattingOptions = { insertSpaces: !/^\t/m.test(before), tabSize: 2, eol: '\n' };
  return applyEdits(before, modify(before, at, value, { formattingOptions, getInsertionIndex: () => 0 }));
}

/** Null stands for an object that is not there: `missing` are the keys in what comes in its place. */
function placeIn(tree: Node, path: string[], file: string): { at: string[]; missing: string[] } {
  for (const [depth, key] of ['', ...path.slice(0, -1)].entries()) {
    const type = findNodeAtLocation(tree, path.slice(0, depth))?.type ?? 'object';
    if (type === 'null') return { at: path.slice(0, depth), missing: path.slice(depth) };
    if (type !== 'object') throw unreadable(file, `${key === '' ? 'it' : `its "${key}"`} is no object`);
  }
  return { at: path, missing: [] };
}

function mergedToml({ file, path, entry }: ClientFile, before: string): string | null {
  const [table = '', name = ''] = path;
  const present = tableIn(before, file, table)?.[name];
  if (present !== undefined) {
    if (isDeepStrictEqual(plain(present), plain(entry))) return null;
    throw new UserError(
      ExitCode.failed,
      `${file} has another [${table}.${name}] already.`,
      `Change it there by hand: ${stringify(entry).trim().replaceAll('\n', ', ')}`,
    );
  }
  const gap = before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const after = `${before}${gap}[${table}.${name}]\n${stringify(entry).trim()}\n`;
  // A table that was written inline cannot be added to.
  if (tableIn(after, file, table)?.[name] === undefined) throw unreadable(file, 'nothing can be added to it');
  return after;
}

function tableIn(text: string, file: string, table: string): Record<string, unknown> | undefined {
  try {
    return parse(text)[table] as Record<string, unknown> | undefined;
  } catch (error) {
    throw unreadable(file, String(error instanceof Error ? error.message : error).split('\n')[0] ?? '');
  }
}

/** What the parsers make has no prototype. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function unreadable(file: string, why: string): UserError {
  return new UserError(
    ExitCode.failed,
    `${file} is left as it is: ${why}.`,
    'Mend it, or add the entry by hand: upkeep mcp install --print',
  );
}
