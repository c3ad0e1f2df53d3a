// Which of the numbered lines of programs/lines.cjs are in some log files.
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const WHOLE_LINE = /^(\d{9}) x{89}$/;

/** The log of that name and its rotated ones. */
export function logFiles(folder, name) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.startsWith(name))
    .map((file) => join(folder, file));
}

/** How many of the numbers below `count` stand there as a whole line, each counted once. */
export function countLines(files, count) {
  const seen = new Uint8Array(count);
  for (const file of files) {
    for (const line of linesOf(file)) {
      const number = Number(WHOLE_LINE.exec(line)?.[1] ?? Number.NaN);
      if (number < count) seen[number] = 1;
    }
  }
  return seen.reduce((sum, one) => sum + one, 0);
}

function* linesOf(file) {
  const fd = openSync(file, 'r');
  const buffer = Buffer.alloc(1 << 20);
  let rest = '';
  try {
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) {
      const lines = (rest + buffer.latin1Slice(0, size)).split('\n');
      rest = lines.pop();
      yield* lines;
    }
  } finally {
    closeSync(fd);
  }
}
