/** Which source file the program of a command line begins with: what is known of its port stands there. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { splitCommand } from '../command.ts';

/** Programs that are given a file to run, the words `watch`, `run` and options before it. */
const RUNNERS = new Set(['node', 'tsx', 'nodemon', 'ts-node', 'ts-node-dev', 'tsnd', 'bun']);
/** Words before the program: what starts a program, and `NAME=value`. */
const BEFORE = /^(?:npx|pnpx|bunx|exec|env|cross-env|dotenv|--|\w+=.*)$/;
const SOURCE = /\.[cm]?[jt]sx?$/;
const ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];
const NEST = ['src/main.ts', 'src/main.js'];
const VITE = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `vite.config.${ending}`);

/** A package: its folder, and what it calls its main file. */
export interface Place {
  folder: string;
  main: string | null;
}

/** Relative to the folder; null when no file is known that the line starts. */
export function entryFile(place: Place, line: string): string | null {
  for (const program of line.split(/&&|\|\||[;|&]/)) {
    const found = entryOf(place, wordsOf(program));
    if (found !== null) return found;
  }
  return null;
}

function entryOf(place: Place, words: string[]): string | null {
  const first = words.findIndex((word) => !BEFORE.test(word));
  const [program = '', ...rest] = words.slice(Math.max(0, first));
  const name = program.replace(/^.*\//, '');
  if (name === 'nest') return rest[0] === 'start' ? firstThere(place.folder, NEST) : null;
  if (name === 'vite') return firstThere(place.folder, VITE);
  if (!RUNNERS.has(name)) return null;
  // nodemon --exec "tsx src/index.ts"
  const inner = rest.find((word) => /\s/.test(word));
  const executed = inner === undefined ? null : entryOf(place, wordsOf(inner));
  if (executed !== null) return executed;
  const named = rest.map((word) => sourceAt(place.folder, word)).find((file) => file !== null);
  return named ?? (isMain(name, rest) ? sourceAt(place.folder, place.main ?? 'index.js') : null);
}

/** `.`, and nodemon alone, mean what package.json calls the main file. */
function isMain(program: string, words: string[]): boolean {
  return words.includes('.') || (program === 'nodemon' && words.every((word) => word.startsWith('-')));
}

/** As Node resolves it, or tsx. An option's value mostly names no file. */
function sourceAt(folder: string, word: string): string | null {
  if (word.startsWith('-') || word === '.') return null;
  if (SOURCE.test(word)) return firstThere(folder, [word]);
  return firstThere(
    folder,
    ENDINGS.map((ending) => `${word.replace(/\/$/, '')}${ending}`),
  );
}

function firstThere(folder: string, files: readonly string[]): string | null {
  return (
    files.find((file) => existsSync(join(folder, file)) && statSync(join(folder, file)).isFile()) ?? null
  );
}

/** Words as a shell would part them; where only a shell could, as they look. */
function wordsOf(line: string): string[] {
  const split = splitCommand(line);
  if ('argv' in split) return split.argv;
  const words = line.trim().match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}
