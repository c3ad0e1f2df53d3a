/**
 * Whether each line that a service printed stands in its visible log, once and in its order. The log is read as a
 * person reads it: the rotated files, oldest first, then the current one.
 */
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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

/** A file of a log, as it was read. */
export interface LogText {
  readonly text: string;
  /** Somebody has deleted it: nobody sees any more what stands in it. */
  readonly isRemoved: boolean;
}

const LINE = /^(\d+-\d+) (\d+) x*$/;
/** A line of a life that was killed while it wrote. */
const HALF = /^\d+(-(\d+( \d*( x*)?)?)?)?$/;
/** The second half of a line: what stands first in a file that was begun anew in the middle of it. */
const REST = /^[\d -]*x*$/;
const TOLD = 5;

/**
 * `texts`: the log's files, oldest first. `killed`: lives whose last line may be cut off.
 *
 * What stands in a file that was removed counts as printed and shown. It may be shown again in what comes after it: a
 * daemon that was killed before it knew that a piece was whole copies it again, and in the new file it stands once.
 */
export function readLines(texts: readonly LogText[], killed: (id: string) => boolean): Found {
  const last = new Map<string, number>();
  /** Number of the last line of each life that is still there to be seen. */
  const seen = new Map<string, number>();
  const problems: string[] = [];
  const garbled: string[] = [];
  let [total, lost, doubled] = [0, 0, 0];
  const tell = (problem: string) => {
    if (problems.length < TOLD) problems.push(problem);
  };
  const take = (id: string, number: number, isRemoved: boolean) => {
    const expected = (last.get(id) ?? 0) + 1;
    const isAgain = number < expected && number > (seen.get(id) ?? 0);
    if (number === expected) total += 1;
    else if (number > expected) {
      total += 1;
      lost += number - expected;
      tell(`lines ${expected} to ${number - 1} of ${id} are lost`);
    } else if (!isAgain) {
      total += 1;
      doubled += 1;
      return tell(`line ${number} of ${id} stands there again, after line ${expected - 1}`);
    }
    last.set(id, number);
    if (!isRemoved) seen.set(id, number);
  };
  let cut: string | null = null;
  for (const { text, isRemoved } of texts) {
    const lines = text.split('\n');
    // It may be one that is still being written.
    const end = lines.pop() ?? '';
    for (const [index, line] of lines.entries()) {
      const isFirst = index === 0 && cut !== null;
      const match: RegExpExecArray | null = (isFirst ? LINE.exec(`${cut}${line}`) : null) ?? LINE.exec(line);
      if (match !== null) take(match[1] ?? '', Number(match[2]), isRemoved);
      else if (!(isFirst && REST.test(line)) && !(HALF.test(line) && killed(line.split(' ')[0] ?? ''))) {
        garbled.push(line.slice(0, 200));
        tell(`not as it was printed: ${JSON.stringify(line.slice(0, 120))}`);
      }
    }
    cut = isRemoved ? end : null;
  }
  return { last, total, lost, doubled, garbled, problems };
}

/** The names of the files of a service's log, oldest first. */
export function logNames(folder: string, service: string): string[] {
  const current = `${service}.log`;
  const numbers = namesIn(folder)
    .filter((name) => name.startsWith(`${current}.`))
    .map((name) => Number(name.slice(current.length + 1)))
    .filter(Number.isInteger)
    .sort((a, b) => b - a);
  return [...numbers.map((number) => `${current}.${number}`), current];
}

/** The files of a service's log that are there and those that were removed, oldest first. */
export function logTexts(folder: string, service: string, removed: readonly RemovedLog[]): LogText[] {
  const here = openLog(folder, service).map(({ fd, born }) => {
    const text = readFileSync(fd, 'utf8');
    closeSync(fd);
    return { text, born, isRemoved: false };
  });
  const gone = removed.map((each) => ({ text: each.text(), born: each.born, isRemoved: true }));
  return [...gone, ...here].sort((a, b) => Number(a.born - b.born));
}

interface OpenLog {
  readonly fd: number;
  readonly ino: bigint;
  readonly born: bigint;
}

/** A rotation meanwhile gives one file's name to another, so that one would be left out: then it is looked at again. */
function openLog(folder: string, service: string): OpenLog[] {
  for (;;) {
    const files = logNames(folder, service).map((name) => join(folder, name));
    const opened = files.flatMap((file) => openNow(file) ?? []);
    const now = logNames(folder, service).map((name) => join(folder, name));
    const inodes = now.flatMap((file) => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? []);
    if (
      isDeepStrictEqual(
        opened.map(({ ino }) => ino),
        inodes,
      )
    )
      return opened;
    for (const { fd } of opened) closeSync(fd);
  }
}

function openNow(file: string): OpenLog | null {
  try {
    const fd = openSync(file, 'r');
    const { ino, birthtimeNs } = fstatSync(fd, { bigint: true });
    return { fd, ino, born: birthtimeNs };
  } catch {
    return null;
  }
}

/** A log file that was removed, held open: what was written into it until then, or a moment later, is not lost to the reader. */
export class RemovedLog {
  /** When it was made, epoch ns. */
  readonly born: bigint;
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
    this.born = fstatSync(fd, { bigint: true }).birthtimeNs;
  }

  /**
   * Removes what stands there, and nothing else: between an `open` and an `unlink` it may have been rotated, and another
   * file have taken its place. `aside`: a name on the same file system. Null when nothing stands there.
   */
  static take(file: string, aside: string): RemovedLog | null {
    try {
      renameSync(file, aside);
    } catch {
      return null;
    }
    const fd = openSync(aside, 'r');
    rmSync(aside);
    return new RemovedLog(fd);
  }

  text(): string {
    return readFileSync(`/proc/self/fd/${this.#fd}`, 'utf8');
  }

  close(): void {
    closeSync(this.#fd);
  }
}
