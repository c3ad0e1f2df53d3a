/**
 * Which services does an edit concern? Folders are watched, events only mark candidates, and after a quiet period
 * the content of the candidates decides. See docs/watching.md.
 */
import path from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { createFolders, type Folders, type WatchFolder, watchFolder } from './folders.ts';
import { excluded, patterns } from './globs.ts';
import { ignoreTest } from './ignore.ts';
import { createLibrary, type Library } from './library.ts';
import type { Listing } from './listings.ts';
import { OwnWrites } from './own-writes.ts';
import type { Memory } from './pacing.ts';
import { createProblems, ownWriteProblem, type Problems, pollingProblem } from './problems.ts';
import { createServiceFiles } from './service.ts';
import type { ServiceFiles, TrialEnd } from './service-files.ts';
import { createSettling } from './settling.ts';
import { createSlices } from './slices.ts';
import { createTree, type Tree } from './tree.ts';

export type { Clock } from './clock.ts';
export type { TrialEnd } from './service-files.ts';

/** What concerns a service. */
export interface WatchRules {
  /** Absolute paths; they need not exist (yet). */
  files: string[];
  /** Absolute path that `include` and `ignore` are relative to. */
  root: string;
  /** Globs, or names of files and folders (a folder: everything in it). `!glob` takes back. */
  include: string[];
  /** As `since` of `set`, for what these globs match; left out: the same. */
  includedSince?: number | undefined;
  /** Globs, relative or absolute; without a slash a name at any depth. They win over everything else. */
  ignore: string[];
  /** What files held that were found as the run has loaded them, though their stamps are later: see `onSame`. */
  same?: ReadonlyMap<string, string>;
  /** Time without a further event before contents are compared, in ms; null: adapts, see burst.ts. */
  quiet: number | null;
}

/** All `since` are epoch ms; left out they mean now. */
export interface Watch {
  /**
   * Sets or replaces what concerns a service. Its content as of `since` is the baseline: a file whose mtime or
   * ctime is later counts as changed.
   */
  set(service: string, rules: WatchRules, since?: number): void;
  /**
   * One more file (absolute) for a service that was `set`: loaded by its run (or the one on trial) at `since`, or looked
   * for in vain. `listing`: it was found in a folder; a new one of its kind in there is one more.
   */
  addFile(service: string, file: string, since?: number, onTrial?: boolean, listing?: Listing | null): void;
  /** A file that was added concerns the service no longer; rules may still name it. */
  removeFile(service: string, file: string): void;
  /** A run started: the baseline becomes what is on disk now. `onTrial`: it is the one that `begin` was asked for. */
  rebase(service: string, onTrial?: boolean, since?: number): void;
  /** The current run is ready, late, or has ended: what it has not loaded by now counts again. Told again and again. */
  booted(service: string): void;
  /** The run on trial is ready, or has failed. */
  trialSettled(service: string): void;
  remove(service: string): void;
  /**
   * Whom these files (absolute) concern. Each is looked at as if it had just changed: whether its event has arrived
   * does not matter. Resolves when all that has changed so far has been told.
   */
  settle(files: readonly string[]): Promise<Set<string>>;
  /** Whether this file (absolute) has changed and restarts the service only later: it seems to write it itself. */
  isPutOff(service: string, file: string): boolean;
  close(): void;
}

export interface WatchOptions {
  /** Absolute: the folder that all this is about. Those above it are watched only where that is needed. */
  workspace: string;
  clock?: Clock;
  /** Files of the service that were created, changed or deleted: absolute, sorted, each told once. */
  onChange(service: string, files: string[]): void;
  /**
   * The burst is not over, but the content of this file has changed: true when a run is begun for it on trial. Then,
   * unless another run is begun before that, `trialEnded` follows, and after `stale` maybe `onChange`.
   */
  begin?(service: string, files: string[]): boolean;
  trialEnded?(service: string, end: TrialEnd, files: string[]): void;
  /** This file was written after the run began, and is as it has loaded it. `content` as of `Version`. */
  onSame?(service: string, file: string, content: string): void;
  /** Whether a process of the service executes what is at this path (absolute) now. */
  executes?(service: string, file: string): boolean;
  /** What its runs have told so far is to be added. */
  catchUp?(service: string): void;
  /** What a person should know, one problem a line; null: nothing (any more). */
  onProblem(message: string | null): void;
  /** How a folder is watched; by default through `fs.watch`. */
  watchFolder?: WatchFolder;
}

interface Watched {
  readonly files: ServiceFiles;
  ignores(file: string): boolean;
  close(): void;
}

export function createWatch(options: WatchOptions): Watch {
  const clock = options.clock ?? systemClock;
  const slices = createSlices();
  const problems = createProblems(options.onProblem);
  const treesIn = new Map<string, Set<Tree>>();
  const services = new Map<string, Watched>();
  const ownWrites = new Map<string, OwnWrites>();
  const memory: Memory = { rhythm: null };
  const settling = createSettling({
    later: slices.add,
    look: (file) => [...services].filter(([, { files }]) => files.look(file)).map(([service]) => service),
    isBusy: () => [...services.values()].some(({ files }) => files.isBusy),
  });
  const folders: Folders = createFolders({
    workspace: options.workspace,
    watchFolder: options.watchFolder ?? watchFolder,
    after: clock.after,
    events: {
      entry(file, moved) {
        library.touch(file);
        for (const tree of [...(treesIn.get(path.dirname(file)) ?? [])]) tree.see(file, moved);
      },
      reset(reset) {
        library.touchIn(reset);
        for (const folder of reset) for (const tree of [...(treesIn.get(folder) ?? [])]) tree.scan(folder);
      },
      polling: (code) => problems.set('polling', code && pollingProblem(code)),
    },
  });
  const library: Library = createLibrary(folders, clock.wall);

  function open(service: string, rules: WatchRules, since: number): Watched {
    const ignores = ignoreTest(rules.root, [...rules.ignore, ...excluded(rules.include)]);
    const files = createServiceFiles({
      clock,
      library,
      slices,
      quiet: rules.quiet,
      since,
      matchedSince: rules.includedSince ?? since,
      changed: (changed) => options.onChange(service, changed),
      begin: (changed) => options.begin?.(service, changed) ?? false,
      trialEnded: (end, changed) => options.trialEnded?.(service, end, changed),
      catchUp: () => options.catchUp?.(service),
      memory,
      sameAs: rules.same ?? new Map(),
      same: (file, content) => options.onSame?.(service, file, content),
      ownWrites: ownWritesOf(service),
      executes: (file) => options.executes?.(service, file) ?? false,
      concluded: settling.wake,
      enter,
      ignores,
    });
    const host = { enter, ignores, found: files.found, later: slices.add };
    for (const file of rules.files) if (!ignores(file)) files.add(file, since);
    const trees = patterns(rules.root, rules.include).map((pattern) => createTree(pattern, host));
    return {
      files,
      ignores,
      close() {
        for (const tree of trees) tree.close();
        files.close();
      },
    };
  }

  /** Rules are replaced in the middle of a loop, too: what is known of it stays. */
  function ownWritesOf(service: string): OwnWrites {
    const tell = (file: string, suspected: boolean) => tellOwnWrite(problems, service, file, suspected);
    const known = ownWrites.get(service) ?? new OwnWrites(tell);
    ownWrites.set(service, known);
    return known;
  }

  function enter(folder: string, tree: Tree): () => void {
    const trees = treesIn.get(folder) ?? new Set();
    treesIn.set(folder, trees.add(tree));
    const undo = folders.hold(folder);
    return () => {
      trees.delete(tree);
      if (trees.size === 0 && treesIn.get(folder) === trees) treesIn.delete(folder);
      undo();
    };
  }

  /** Epoch ms of now, such that what was written up to this very moment counts as before. */
  function present(): number {
    return Math.floor(clock.wall());
  }

  function remove(service: string): void {
    services.get(service)?.close();
    services.delete(service);
    ownWrites.delete(service);
    problems.withdraw(problemKey(service));
  }

  return {
    set(service, rules, since = present()) {
      const before = services.get(service);
      // Told again with the next change, if the new rules name the file too.
      problems.withdraw(problemKey(service));
      // The new one first: what both are concerned with stays watched.
      services.set(service, open(service, rules, since));
      before?.close();
    },
    addFile(service, file, since = present(), onTrial = false, listing = null) {
      const watched = services.get(service);
      if (watched && !watched.ignores(file)) watched.files.load(file, since, onTrial, listing);
    },
    removeFile: (service, file) => services.get(service)?.files.unload(file),
    rebase: (service, onTrial = false, since = present()) =>
      services.get(service)?.files.rebase(since, onTrial),
    booted: (service) => services.get(service)?.files.booted(),
    trialSettled: (service) => services.get(service)?.files.trialSettled(),
    remove,
    settle: settling.settle,
    isPutOff: (service, file) => services.get(service)?.files.isPutOff(file) === true,
    close() {
      for (const service of [...services.keys()]) remove(service);
      folders.close();
      slices.close();
    },
  };
}

function tellOwnWrite(problems: Problems, service: string, file: string, suspected: boolean): void {
  problems.set(problemKey(service) + file, suspected ? ownWriteProblem(service, file) : null);
}

/** Begins the keys of a service's problems; no name or path holds a NUL. */
function problemKey(service: string): string {
  return `${service}\0`;
}
