/**
 * A run that was begun on trial, at the first change of a burst: has it loaded what is there now? Pure; all times in
 * epoch ms. What counts as changed for the run that serves is none of this: see service.ts.
 */
import { ABSENT, judge } from './verdict.ts';
import { EMPTY, UNREADABLE, type Version } from './versions.ts';

export interface Trial {
  /** When it was begun. */
  since: number;
  /** What was found in the files that it was begun for. */
  readonly seen: Map<string, string>;
  /** When it first loaded each file, or looked for it in vain. */
  readonly loaded: Map<string, number>;
  /** Files that concern the service only because this run loaded them. */
  readonly own: Set<string>;
  /** It was told to be out of date. */
  isStale: boolean;
  /** It is ready, or has failed. */
  isSettled: boolean;
}

export function newTrial(since: number, file: string, content: string): Trial {
  return {
    since,
    seen: new Map([[file, content]]),
    loaded: new Map(),
    own: new Set(),
    isStale: false,
    isSettled: false,
  };
}

/**
 * Whether this may be a whole save. A file is empty or missing in the middle of one, and a run that begins by that
 * can only fail; when it is really meant, the end of the burst tells.
 */
export function looksWhole(content: string): boolean {
  return content !== ABSENT && content !== EMPTY && content !== UNREADABLE;
}

export interface LateChange {
  readonly file: string;
  readonly version: Version;
  /** When its last event arrived. */
  readonly eventAt: number;
  /** Content as the run before the trial found it; null: not known. */
  readonly known: string | null;
  /** The service may read it without telling: it is watched by name or glob. */
  readonly isSilent: boolean;
}

/** Whether the run on trial has, or may have, loaded another content than there is now. What it has not loaded it will find. */
export function isOutdated(trial: Trial, { file, version, eventAt, known, isSilent }: LateChange): boolean {
  const loadedAt = trial.loaded.get(file);
  const since = loadedAt ?? (isSilent ? trial.since : null);
  if (since === null) return false;
  const evidence = { current: version.content, stamp: version.stamp, since, eventAt };
  if (judge({ ...evidence, known: trial.seen.get(file) ?? known }) === 'changed') return true;
  // Away and back again: what it loaded in between nobody has seen.
  return loadedAt !== undefined && judge({ ...evidence, known: null }) === 'changed';
}
