/**
 * Files that Node opens, by the thousand while an app starts, on their way to the report.
 *
 * One loop makes their lines, as bytes, and calls nothing of ours: each function that is called a thousand times is taken
 * on by V8's optimizing compilers, in threads beside the app's, for 1 ms of CPU and a hundred kB of fresh memory, and
 * what strings and arrays of their lines allocate is enough for one more collection of the young generation.
 */
import { type Lines, MOST_BYTES } from './lines.ts';

/** Who asked for it; undefined: it is not decided whether it was opened for an import. */
type Parent = string | null | undefined;

export interface Sink {
  /** What waits is written; `Opened.drain` is called. */
  flush(): void;
  /** Something waits from now on. */
  expect(): void;
  /** Epoch ms: what is added then, or before the last write (the clock was set back), has what waits written. */
  due: number;
  written: number;
}

export interface Judge {
  /** Absolute path of the workspace, with a slash at its end. */
  readonly root: string;
  /** Those that are told. */
  readonly told: Set<string>;
  /** Imports by path with who imported them; null: none is watched. */
  imports(): ReadonlyMap<string, string | null> | null;
  /** Of a path that needs a second look. May throw. */
  tell(path: string, parent: Parent, at: number, lines: Lines): void;
}

const MOST_WAITING = 500;
/** Longer paths are looked at a second time: a line of two such ones has room. */
const SHORT = 1000;
/** Of a line beside its paths. */
const FRAME_BYTES = 48;
/** What JSON escapes, queries, and names that loaders make up. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
const ODD = /[\x00-\x1f"\\?\ud800-\udfff]|\/node:/;

// Taken now: apps replace these.
const { now } = Date;
const owner = process as { _exiting?: boolean };
const write = Buffer.prototype.write as (this: Buffer, text: string, offset: number) => number;
/** Without a look at its arguments; not documented. */
const { utf8Write = write } = Buffer.prototype as { utf8Write?: typeof write };

export class Opened {
  readonly #sink: Sink;
  readonly #judge: Judge;
  #paths: string[] = [];
  #parents: Parent[] = [];
  #times: number[] = [];

  constructor(sink: Sink, judge: Judge) {
    this.#sink = sink;
    this.#judge = judge;
  }

  add(path: string, parent: Parent): void {
    const at = now();
    this.#times.push(at);
    this.#parents.push(parent);
    const count = this.#paths.push(path);
    const sink = this.#sink;
    // In the `exit` event no turn will end any more.
    if (at >= sink.due || at < sink.written || count >= MOST_WAITING || owner._exiting === true) sink.flush();
    else if (count === 1) sink.expect();
  }

  /** Gives all that waits to `lines`. Never throws. */
  drain(lines: Lines): void {
    const paths = this.#paths;
    if (paths.length === 0) return;
    const [parents, times] = [this.#parents, this.#times];
    this.#paths = [];
    this.#parents = [];
    this.#times = [];
    const { root, told } = this.#judge;
    const below = root.length - 1;
    const imports = this.#judge.imports();
    let at = -1;
    let head = '';
    for (let index = 0; index < paths.length; index++) {
      const path = paths[index] as string;
      if (told.has(path)) continue;
      let parent = parents[index];
      if (parent == null && imports !== null) parent = imports.get(path) ?? parent;
      const isPlain =
        parent !== undefined &&
        path.startsWith(root) &&
        !path.includes('/.', below) &&
        !ODD.test(path) &&
        path.length < SHORT &&
        (parent === null || (parent.length < SHORT && !ODD.test(parent)));
      if (!isPlain) {
        try {
          this.#judge.tell(path, parents[index], times[index] as number, lines);
        } catch {
          // Only a note is lost.
        }
        continue;
      }
      told.add(path);
      const time = times[index] as number;
      if (time !== at) {
        at = time;
        head = `["load",${time},"`;
      }
      const from = parent as string | null;
      const bytes = lines.room(FRAME_BYTES + MOST_BYTES * (path.length + (from?.length ?? 0)));
      let end = lines.length;
      end += utf8Write.call(bytes, head, end);
      end += utf8Write.call(bytes, path, end);
      if (from === null) end += utf8Write.call(bytes, '",null]\n', end);
      else {
        end += utf8Write.call(bytes, '","', end);
        end += utf8Write.call(bytes, from, end);
        end += utf8Write.call(bytes, '"]\n', end);
      }
      lines.length = end;
    }
  }
}
