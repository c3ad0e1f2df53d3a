/**
 * Whether each line that a service printed stands in its visible log, once and in its order. The log is read as a
 * person reads it: the rotated files, oldest first, then the current one.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './read.ts';

export interface Found {
  /** Number of the last line of each life. */
  readonly last: Map<string, number>;
  readonly total: number;
  readonly lost: number;
  readonly doubled: number;
  /** Lines that nobody printed like this. */
  readonly garbled: string[];
  /** In words, the first few of what is wrong. */
  readonly problems: string[];
}

const LINE = /^(\d+-\d+) (\d+) x*$/;
/** A line of a life that was killed while it wrote. */
const HALF = /^\d+(-(\d+( \d*( x*)?)?)?)?$/;
const TOLD = 5;

/** `texts`: the log's files, oldest first. `killed`: lives whose last line may be cut off. */
export function readLines(texts: readonly string[], killed: (id: string) => boolean): Found {
  const last = new Map<string, number>();
  const problems: string[] = [];
  const garbled: string[] = [];
  let [total, lost, doubled] = [0, 0, 0];
  const tell = (problem: string) => {
    if (problems.length < TOLD) problems.push(problem);
  };
  for (const text of texts) {
    for (const line of linesOf(text)) {
      const match = LINE.exec(line);
      if (match === null) {
        if (HALF.test(line) && killed(line.split(' ')[0] ?? '')) continue;
        garbled.push(line.slice(0, 200));
        tell(`not as it was printed: ${JSON.stringify(line.slice(0, 120))}`);
        continue;
      }
      const [, id = '', number = ''] = match;
      const expected = (last.get(id) ?? 0) + 1;
      total += 1;
      if (Number(number) === expected) {
        last.set(id, expected);
      } else if (Number(number) < expected) {
        doubled += 1;
        tell(`line ${number} of ${id} stands there again, after line ${expected - 1}`);
      } else {
        lost += Number(number) - expected;
        tell(`lines ${expected} to ${Number(number) - 1} of ${id} are lost`);
        last.set(id, Number(number));
      }
    }
  }
  return { last, total, lost, doubled, garbled, problems };
}

/** The last line may be one that is still being written. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  lines.pop();
  return lines;
}

/** The files of a service's log, oldest first. */
export function logFiles(folder: string, service: string): string[] {
  const current = `${service}.log`;
  const numbers = namesIn(folder)
    .filter((name) => name.startsWith(`${current}.`))
    .map((name) => Number(name.slice(current.length + 1)))
    .filter(Number.isInteger)
    .sort((a, b) => b - a);
  const names = [...numbers.map((number) => `${current}.${number}`), current];
  return names.map((name) => join(folder, name));
}

/** Log files that are about to be removed, held open: what is written into them until then is not lost to the reader. */
export class Kept {
  readonly #fds: number[];

  constructor(files: readonly string[]) {
    this.#fds = files.flatMap((file) => {
      try {
        return [openSync(file, 'r')];
      } catch {
        return [];
      }
    });
  }

  texts(): string[] {
    return this.#fds.map((fd) => readFileSync(`/proc/self/fd/${fd}`, 'utf8'));
  }

  close(): void {
    for (const fd of this.#fds.splice(0)) closeSync(fd);
  }
}
