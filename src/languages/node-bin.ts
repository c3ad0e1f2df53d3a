/** Programs that npm packages bring (`vite`, `next`): that they run on Node stands in their files. */
import fs from 'node:fs';
import path from 'node:path';
import type { Program } from '../platform/command-programs.ts';

/** Of a script, or of what npm and pnpm put in its place where there are no links (`exec node "$basedir/…"`). */
const RUNS_ON_NODE = /^#!\S*\/(?:env (?:-S )?)?node\b|^#!\/bin\/sh\b[\s\S]*\bexec (?:"\$basedir\/)?node\b/;
const HEAD_BYTES = 2048;

/** They start other programs, of which no second ones may be started beside the first. */
const RUNNERS =
  /^(concurrently|conc|npm-run-all2?|run-[ps]|turbo|nx|lerna|wireit|wsrun|nf|foreman|pm2|wrangler|firebase)$/;

/** Whether it is one of a package that is installed here, or a script by its path, and runs on Node. */
export function isNodeBin({ name, words, cwd }: Program): boolean {
  const file = RUNNERS.test(name) ? null : fileOf(words[0] ?? '', cwd);
  return file !== null && RUNS_ON_NODE.test(headOf(file));
}

/** As `npm run` and `npx` look for it: from `cwd` upwards. */
function fileOf(word: string, cwd: string): string | null {
  if (word.includes('/')) return path.resolve(cwd, word);
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'node_modules/.bin', word);
    if (fs.existsSync(file)) return file;
    if (folder === path.dirname(folder)) return null;
  }
}

function headOf(file: string): string {
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, 'r');
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('latin1', 0, fs.readSync(fd, head, 0, HEAD_BYTES, 0));
  } catch {
    return '';
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}
