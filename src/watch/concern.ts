/** A file that concerns a service, and what was found in it. */
import type { LateChange } from './trial.ts';
import type { ReadVersion, Version } from './versions.ts';

/** list: it is new in a folder from which the run loads what it finds. */
export type By = 'name' | 'load' | 'match' | 'list';

export interface Concern {
  /** Content as the run found it; null: not hashed yet. */
  known: string | null;
  since: number;
  /** The last change that a run on trial was held not to have loaded before, epoch ms. */
  changedAt: number;
  /** The last run that loaded it (boot.ts). */
  run: number;
  /** Why it concerns the service. What is only matched or listed is forgotten when it is gone, the others are waited for. */
  readonly by: Set<By>;
  readonly read: ReadVersion;
  readonly undo: () => void;
}

/** An event, by identity: two of them may fall into one ms. */
export interface Mark {
  /** Epoch ms. */
  readonly at: number;
  /** The first one since the file was last compared, epoch ms. */
  readonly from: number;
}

export interface Finding {
  readonly file: string;
  readonly mark: Mark;
  readonly version: Version;
}

export function lateChange({ file, mark, version }: Finding, its: Concern): LateChange {
  // What its command names and a run has loaded is told when the next one loads it.
  const isNamedOnly = its.by.has('name') && !its.by.has('load');
  const isSilent = isNamedOnly || its.by.has('match') || its.by.has('list');
  return { file, version, eventAt: mark.at, known: its.known, isSilent };
}
