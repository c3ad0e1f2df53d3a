/** When is a run begun on trial, before its burst is over, and when is it given up before that? At most one a burst. */
import { isOutdated, type LateChange, looksWhole, newTrial, type Trial } from './trial.ts';

/** A file as it is in the middle of a burst. */
export interface Glance extends LateChange {
  /** The run that serves has loaded something else, and restarts for that. */
  readonly isNews: boolean;
}

export interface EarlyOptions {
  /** Epoch ms. */
  now(): number;
  /** Null: it is of no interest any more. */
  look(file: string): Glance | null;
  later(job: () => void): void;
  begin(files: string[]): boolean;
  stale(files: string[]): void;
}

export interface Early {
  /** The one that is under way; null: none. */
  readonly trial: Trial | null;
  /** It is on its way, and nothing is against it so far. */
  readonly isBooting: boolean;
  /** It is ready, or has failed; false: nobody waited for that. */
  settle(): boolean;
  /** An event: it may begin a run, or make it out of date. */
  touched(file: string): void;
  /** Sets it aside; it was begun for nothing. */
  giveUp(trial: Trial): void;
  /** The burst is over: the trial is, and the next burst may begin another one. */
  end(): Trial | null;
  /** Another run has begun. */
  forget(): void;
}

export function createEarly(options: EarlyOptions): Early {
  let trial: Trial | null = null;
  /** A formatter over a hundred files must not begin a hundred runs. */
  let mayTry = true;
  const glances = new Set<string>();

  function glance(file: string): void {
    const seen = options.look(file);
    if (seen === null) return;
    if (trial === null) tryEarly(file, seen);
    else if (!trial.isStale && isOutdated(trial, seen)) giveUp(trial);
  }

  function tryEarly(file: string, { version, isNews }: Glance): void {
    if (!mayTry || !isNews || !looksWhole(version.content)) return;
    mayTry = false;
    trial = newTrial(Math.floor(options.now()), file, version.content);
    if (!options.begin([file])) trial = null;
  }

  function giveUp(its: Trial): void {
    its.isStale = true;
    options.stale([...its.seen.keys()]);
  }

  return {
    get trial() {
      return trial;
    },
    get isBooting() {
      return trial !== null && !trial.isStale && !trial.isSettled;
    },
    settle() {
      if (trial === null || trial.isSettled) return false;
      trial.isSettled = true;
      return true;
    },
    touched(file) {
      if (glances.has(file) || (trial === null ? !mayTry : trial.isStale)) return;
      glances.add(file);
      options.later(() => {
        glances.delete(file);
        glance(file);
      });
    },
    giveUp,
    end() {
      const its = trial;
      trial = null;
      mayTry = true;
      return its;
    },
    forget() {
      trial = null;
    },
  };
}
