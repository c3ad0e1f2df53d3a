/** The files that concern one service, each with what its run found in it. */
import type { By, Concern } from './concern.ts';
import type { Library, Touched } from './library.ts';
import { judge } from './verdict.ts';
import type { Version } from './versions.ts';

/** ms. No two looks at the clock are so far apart in the wrong order unless somebody has set it. */
const SET_BACK = 1_000;

export interface ConcernsOptions {
  /** When the run began, epoch ms. */
  since: number;
  library: Library;
  later(job: () => void): void;
  touched: Touched;
  /** It has events that were not looked into yet. */
  isChanging(file: string): boolean;
  /** What files held that are as the run has loaded them, though they were written later. */
  sameAs: ReadonlyMap<string, string>;
}

export class Concerns {
  /** When the run began that all is compared with, epoch ms. */
  since: number;
  readonly #files = new Map<string, Concern>();
  readonly #options: ConcernsOptions;

  constructor(options: ConcernsOptions) {
    this.#options = options;
    this.since = options.since;
  }

  get(file: string): Concern | undefined {
    return this.#files.get(file);
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  all(): Iterable<[string, Concern]> {
    return this.#files;
  }

  /** One more, or one more reason for one that is there. `known`: its content as the run found it; null: as it is now. */
  add(file: string, known: string | null, from: number, by: By, run: number): void {
    const present = this.#files.get(file);
    if (present) {
      present.by.add(by);
      return;
    }
    const { library, later, touched } = this.#options;
    this.#files.set(file, {
      known,
      since: from,
      changedAt: Number.NEGATIVE_INFINITY,
      run,
      by: new Set([by]),
      ...library.use(file, touched),
    });
    if (known === null) later(() => this.#learn(file));
    else touched(file);
  }

  remove(file: string): void {
    const its = this.#files.get(file);
    this.#files.delete(file);
    its?.undo();
  }

  /** `eventAt`: of its last event, epoch ms; null: there was none. */
  verdict(its: Concern, { content, stamp }: Version, eventAt: number | null): ReturnType<typeof judge> {
    const since = Math.max(its.since, this.since);
    return judge({ known: its.known, current: content, stamp, since, eventAt });
  }

  /** Written since the run has loaded it. */
  isLater(its: Concern, { stamp }: Version): boolean {
    return stamp !== null && Math.floor(stamp) > Math.max(its.since, this.since);
  }

  /** An event that comes before the run began tells that the clock was set back: it is of a later change all the same. */
  noteSetBack(file: string, at: number): void {
    const its = this.#files.get(file);
    const before = at - SET_BACK;
    if (this.since > at + SET_BACK) this.since = before;
    if (its && its.since > at + SET_BACK) its.since = before;
  }

  /** Takes the content as the one that the run found, unless it has changed already. */
  #learn(file: string): void {
    const its = this.#files.get(file);
    const { isChanging, sameAs, touched } = this.#options;
    if (its?.known !== null || isChanging(file)) return;
    const version = its.read();
    const isSame = sameAs.get(file) === version.content;
    if (!isSame && this.verdict(its, version, null) === 'changed') touched(file);
    else its.known = version.content;
  }
}
