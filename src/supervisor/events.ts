/** What happens to a service, and what is to be done about it: both are data. */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { JournalEntry } from '../contract/journal.ts';

export type ServiceEvent =
  | { kind: 'want-up'; cause: Cause }
  /** Asked a second time while it stops: kill at once. */
  | { kind: 'want-down'; cause: Cause }
  | { kind: 'restart'; cause: Cause }
  | { kind: 'edit'; files: string[]; via?: string[] }
  | { kind: 'ready'; run: number }
  /** `port-taken`: its output says so, and this is who has it. */
  | { kind: 'exited'; run: number; exit: Exit; portTaken: ParkReason | null }
  /** The whole tree of the run is gone. */
  | { kind: 'gone'; run: number }
  /** The run could not be started at all. */
  | { kind: 'cannot-start'; run: number; reason: ParkReason }
  | { kind: 'timer'; epoch: number };

/** A journal entry before the edge adds the wall-clock time. */
export type Note = JournalEntry extends infer Entry
  ? Entry extends JournalEntry
    ? Omit<Entry, 'at'>
    : never
  : never;

export type Effect =
  | { kind: 'launch'; service: string; run: number; cause: Cause }
  /** Send the stop signal to the run's process group. */
  | { kind: 'terminate'; service: string; run: number }
  /** SIGKILL everything that belongs to the run. */
  | { kind: 'kill'; service: string; run: number }
  /** The run ended by itself: end what it left behind. */
  | { kind: 'sweep'; service: string; run: number }
  /** Give a `timer` event with this epoch at this monotonic time. Replaces the service's earlier timer. */
  | { kind: 'timer'; service: string; at: number; epoch: number }
  | { kind: 'note'; note: Note };
