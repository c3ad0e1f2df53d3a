/** A run that has processes, or whose processes are still being ended. */
import type { Exit, ProcessId } from '../contract/facts.ts';
import type { RunFolder } from './run-folder.ts';

export interface LiveRun {
  run: number;
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
