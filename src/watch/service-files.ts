/** The files of one service, as those see them who use them: what they tell, and what they are told. */
import type { Clock } from './clock.ts';
import type { Library } from './library.ts';
import type { Listing } from './listings.ts';
import type { OwnWrites } from './own-writes.ts';
import type { Memory } from './pacing.ts';
import type { Slices } from './slices.ts';
import type { Tree } from './tree.ts';

export interface ServiceFiles {
  /** A file named by hand. */
  add(file: string, since: number): void;
  /** A file loaded by the run that serves, or by the one on trial, or looked for in vain, at `since` (epoch ms). */
  load(file: string, since: number, onTrial: boolean, listing?: Listing | null): void;
  /** The run that is current now has not loaded this file. */
  unload(file: string): void;
  /** A file that a glob matched. `early`: it may have been there when the run began. */
  found(file: string, early: boolean): void;
  /** A run began. `onTrial`: the one that `begin` was asked for. */
  rebase(since: number, onTrial: boolean): void;
  /** The run that is current is ready, late, or has ended: it boots no longer. Told again and again. */
  booted(): void;
  /** The run on trial is ready, or has failed: it is not waited for any longer. */
  trialSettled(): void;
  /** Looks at a file as if it had just changed; false: it does not concern the service. */
  look(file: string): boolean;
  /** Something may have changed, and what comes of it has not been told yet. */
  readonly isBusy: boolean;
  /** It has changed, and that is put off: the service seems to write it itself. */
  isPutOff(file: string): boolean;
  close(): void;
}

/**
 * What became of a run on trial. stale: it has loaded what has changed since, which is told when the burst is over;
 * passed: it has loaded what these files hold now; undone: all is as the run before it had loaded it.
 */
export type TrialEnd = 'stale' | 'passed' | 'undone';

export interface ServiceFilesOptions {
  readonly clock: Clock;
  readonly library: Library;
  readonly slices: Slices;
  /** ms; null: adapts. */
  readonly quiet: number | null;
  readonly memory: Memory;
  /** When the run began, epoch ms. */
  readonly since: number;
  /** What a glob matches counts from then on, epoch ms; not before the run began. */
  readonly matchedSince: number;
  /** What files held that are as the run has loaded them, though they were written later. */
  readonly sameAs: ReadonlyMap<string, string>;
  /** One more of these. */
  same(file: string, content: string): void;
  changed(files: string[]): void;
  /** Asked at the first change of a burst: is a run begun for it on trial? Then `trialEnded` follows, or another run. */
  begin(files: string[]): boolean;
  trialEnded(end: TrialEnd, files: string[]): void;
  /** Before something is decided by what a run has loaded: all that it has told so far is taken in. */
  catchUp(): void;
  /** Files that the service seems to write itself; they are known for longer than these rules. */
  readonly ownWrites: OwnWrites;
  /** Whether a process of the service executes what is at this path now: then it does not start anew for that. */
  executes(file: string): boolean;
  /** Watches a folder for a tree. Returns the undo. */
  enter(folder: string, tree: Tree): () => void;
  /** Whether the service ignores this path. */
  ignores(file: string): boolean;
  /** A burst has been concluded. */
  concluded(): void;
}
