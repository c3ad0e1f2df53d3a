/** A run that has processes, or whose processes are still being ended. */
import type { Exit } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import type { RunFolder } from './run-folder.ts';

export interface LiveRun {
  /** Below 0: it is on standby, and no run so far. */
  run: number;
  /** What UPKEEP_RUN says in the environment that its process was started with. */
  mark: string;
  /** Kernel start time from which on an orphan may be its own; null: that of its process. */
  since: number | null;
  slot: number;
  folder: RunFolder;
  process: ProcessId | null;
  wrapper: number;
  exit: Exit | null;
  /** The signal that it is to end by; asked for before its process was known, it is sent as soon as it is. */
  ending: NodeJS.Signals | null;
  killing: boolean;
  /** Its tree is being looked at until it is empty. */
  looking: boolean;
}
