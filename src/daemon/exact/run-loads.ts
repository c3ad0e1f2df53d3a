/**
 * What the current run of a service has loaded, as its report tells it, line by line.
 *
 * What an earlier run loaded counts on until a later one is ready: one that died half way through its imports
 * may be mended by a file that it never came to. While a run is on trial, the one before it is followed too; and while
 * later ones are not ready, or have failed, so is the one that was: it serves, and loads more at a request.
 */
import type { Listing, News } from '../../loads/index.ts';
import { explain, Loaded, type ReportFollower, shareReport } from '../../loads/index.ts';

export interface RunLoadsEvents {
  /** One more file to watch: loaded at `at` (epoch ms), maybe found by listing a folder, or looked for in vain. */
  watch(file: string, at: number, onTrial: boolean, listing: Listing | null): void;
  unwatch(file: string): void;
  /** A process of the current run does not tell what it loads. */
  unfollowed(): void;
}

/**
 * A run that ends so soon (ms) after it was ready may never have been: without a port to ask at, ready only means
 * that it lived for a moment, and on a busy machine a start takes longer than that to fail.
 */
const HARDLY_READY = 10_000;

/** Longest wait for a chain that has to be found in the sources, in ms: it only explains the restart. */
const EXPLAIN_MS = 60;

interface Followed {
  run: number;
  former: string[];
  loaded: Loaded | null;
  follower: ReportFollower | null;
  isSettled: boolean;
  isLetGo: boolean;
}

export class RunLoads {
  readonly #events: RunLoadsEvents;
  readonly #watched = new Set<string>();
  /** Let go of when the run was ready. */
  #former: string[] = [];
  #loaded: Loaded | null = null;
  #follower: ReportFollower | null = null;
  #run = 0;
  #isSettled = false;
  #isLetGo = false;
  /** The run that goes on while a later one is on trial. */
  #before: Followed | null = null;
  /** The last run that was ready, as long as no later one is. */
  #serving: Followed | null = null;
  /** Watched only because of the run on trial. */
  readonly #added = new Set<string>();

  constructor(events: RunLoadsEvents) {
    this.#events = events;
  }

  /** The run that is followed; 0: none yet. */
  get run(): number {
    return this.#run;
  }

  /** Null when the run has no report. */
  get loaded(): Loaded | null {
    return this.#loaded;
  }

  /** Its run is known to be ready. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** All that is watched on account of a report. */
  get files(): string[] {
    return [...this.#watched];
  }

  /** Follows a run from its first line on. `path`: its report; null: it has none. `cwd`: the folder it starts in. */
  begin(run: number, path: string | null, cwd: string, onTrial = false): void {
    this.keep();
    if (onTrial) this.#before = this.#current();
    else this.#setAside(this.#current());
    this.#run = run;
    this.#isSettled = false;
    this.#isLetGo = false;
    this.#former = [];
    this.#follower = null;
    this.#loaded = path === null ? null : new Loaded(cwd);
    const loaded = this.#loaded;
    if (path === null || loaded === null) return;
    this.#follower = shareReport(
      path,
      (line) => this.#learn(loaded.take(line), loaded),
      () => loaded.cut(),
    );
  }

  /** The run that was on trial is the current one. */
  keep(): void {
    const before = this.#before;
    if (before !== null) this.#setAside(before);
    this.#before = null;
    this.#added.clear();
    if (!this.#isSettled) return;
    if (before === null) this.#forgetServing();
    else this.#forgetFormer();
  }

  /** It is not, and the one before it goes on: what only the other one has loaded is let go. */
  withdraw(): void {
    const before = this.#before;
    if (before === null) return;
    this.#follower?.stop();
    this.#before = null;
    this.#run = before.run;
    this.#former = before.former;
    this.#loaded = before.loaded;
    this.#follower = before.follower;
    this.#isSettled = before.isSettled;
    this.#isLetGo = before.isLetGo;
    for (const file of this.#added) {
      this.#watched.delete(file);
      this.#events.unwatch(file);
    }
    this.#added.clear();
  }

  /** All that its run has told so far is taken in. */
  readNow(): void {
    this.#serving?.follower?.readNow();
    this.#follower?.readNow();
  }

  /** The run is ready: what only earlier ones loaded is let go. False when that was known. */
  settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#follower?.readNow();
    // On trial it may come to nothing: then the one before it goes on, with all that it has loaded.
    if (this.#before === null) this.#forgetFormer();
    return true;
  }

  #forgetFormer(): void {
    this.#forgetServing();
    const current = new Set([...(this.#loaded?.files() ?? []), ...(this.#loaded?.links ?? [])]);
    for (const { candidates } of this.#loaded?.missing ?? [])
      for (const file of candidates) current.add(file);
    for (const file of this.#watched) {
      if (current.has(file)) continue;
      this.#watched.delete(file);
      this.#former.push(file);
      this.#events.unwatch(file);
    }
  }

  /** The service takes care of edits itself: nothing is watched on account of what it loads. */
  letGo(): void {
    for (const file of this.#watched) this.#events.unwatch(file);
    this.#watched.clear();
    this.#isLetGo = true;
  }

  /** The run has ended, so many ms after it was ready: its report is complete. */
  end(readyFor: number): void {
    this.#follower?.readNow();
    if (readyFor < HARDLY_READY && !this.#isLetGo) {
      const now = Date.now();
      for (const file of this.#former) this.#watch(file, now);
    }
    this.#former = [];
  }

  /** The import chain through which the first of these files that has one reached the run; null: none is known. */
  async chainTo(files: readonly string[]): Promise<string[] | null> {
    const loaded = [this.#before?.loaded ?? this.#loaded, this.#serving?.loaded].find((its) =>
      files.some((file) => its?.has(file)),
    );
    const file = files.find((each) => loaded?.has(each));
    if (loaded == null || file === undefined) return null;
    if (!loaded.isVague) return loaded.chainTo(file);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string[] | null>((resolve) => {
      timer = setTimeout(() => resolve(loaded.chainTo(file)), EXPLAIN_MS);
    });
    try {
      return await Promise.race([explain(loaded, file), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#before?.follower?.stop();
    this.#follower?.stop();
    this.#forgetServing();
  }

  /** Another run is begun. One that was ready serves on until that is ready, too. */
  #setAside(followed: Followed): void {
    if (!followed.isSettled) return followed.follower?.stop();
    this.#forgetServing();
    this.#serving = followed;
  }

  #forgetServing(): void {
    this.#serving?.follower?.stop();
    this.#serving = null;
  }

  #current(): Followed {
    return {
      run: this.#run,
      former: this.#former,
      loaded: this.#loaded,
      follower: this.#follower,
      isSettled: this.#isSettled,
      isLetGo: this.#isLetGo,
    };
  }

  #learn(news: News | null, loaded: Loaded): void {
    if (news === null || this.#isLetGo) return;
    const isOnTrial = this.#before !== null && loaded === this.#loaded;
    if (news.kind === 'unfollowed') {
      if (loaded === this.#loaded && !isOnTrial) this.#events.unfollowed();
      return;
    }
    for (const file of news.kind === 'file' ? [news.file] : news.candidates) {
      if (!isOnTrial) this.#added.delete(file);
      else if (!this.#watched.has(file)) this.#added.add(file);
      this.#watch(file, news.at, isOnTrial, news.kind === 'file' ? news.listing : null);
    }
  }

  #watch(file: string, at: number, onTrial = false, listing: Listing | null = null): void {
    this.#watched.add(file);
    this.#events.watch(file, at, onTrial, listing);
  }
}
