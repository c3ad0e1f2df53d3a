/** Which language is a service written in, and what is watched where its files cannot be known exactly? */
import path from 'node:path';
import type { Command } from '../contract/config.ts';
import { commandPrograms, type Program } from '../platform/command-programs.ts';
import { isNodeBin } from './node-bin.ts';
import { lineOf } from './reloads.ts';
import { LANGUAGES, type Language, type Row } from './table.ts';

/**
 * The language of the last program of a command line that has a known one (those before it build or prepare);
 * null: none is known. `cwd` is absolute; scripts of its package.json are followed.
 */
export function languageOf(command: Command, cwd: string): Language | null {
  return lastKnown(command, cwd)?.row.language ?? null;
}

/**
 * Globs relative to `cwd` for languages that nothing reports from: what to watch when the person gave no `watch`.
 * Null: no such language. No globs: it reloads by itself, or reads its files at each request.
 */
export function defaultGlobs(
  command: Command,
  cwd: string,
): { language: Language; include: string[] } | null {
  const known = lastKnown(command, cwd);
  if (known === null || known.row.include.length === 0) return null;
  const { row, program, byItself } = known;
  if (byItself) return { language: row.language, include: [] };
  const below = path.relative(cwd, program.cwd);
  return { language: row.language, include: row.include.map((glob) => inFolder(below, glob)) };
}

interface Known {
  row: Row;
  program: Program;
  byItself: boolean;
}

/** The last program whose language is known. `byItself`: it reloads, or reads its files at each request. */
export function lastKnown(command: Command, cwd: string): Known | null {
  const known = commandPrograms(command, cwd).flatMap((program) => {
    const row = rowOf(program);
    return row === undefined
      ? []
      : [{ row, program, byItself: row.byItself?.test(lineOf(program)) === true }];
  });
  return known.at(-1) ?? null;
}

function rowOf(program: Program) {
  const { name, words } = program;
  const said =
    LANGUAGES.find((row) => row.name.test(name)) ?? LANGUAGES.find((row) => row.path?.test(words[0] ?? ''));
  return said ?? (isNodeBin(program) ? LANGUAGES.find(({ language }) => language === 'node') : undefined);
}

/** `cd api && cargo run`: the globs are meant there. */
function inFolder(folder: string, glob: string): string {
  if (folder === '') return glob;
  return glob.startsWith('!') ? `!${folder}/${glob.slice(1)}` : `${folder}/${glob}`;
}
