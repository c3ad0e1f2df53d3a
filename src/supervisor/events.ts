/** What happens to a service, and what is to be done about it: both are data. */
import type { Cause, ErrorMark, Exit, ParkReason } from '../contract/facts.ts';
import type { JournalEntry } from '../contract/journal.ts';

export type ServiceEvent =
  | { kind: 'want-up'; cause: Cause }
  /** Asked a second time while it stops: kill at once. */
  | { kind: 'want-down'; cause: Cause }
  /** `hard`: the run is stopped first, whatever the mode. */
  | { kind: 'restart'; cause: Cause; hard?: boolean }
  /** `hopeless`: as the next run would be launched now it cannot be started, and this is why. */
  | { kind: 'edit'; files: string[]; via?: string[]; hopeless?: string }
  /** These have changed, and more may follow: where the current run goes on meanwhile, another one is begun on trial. */
  | { kind: 'trial'; files: string[] }
  /** It loads something that has changed since: it is set aside. `edit` or `trial-undone` follows. */
  | { kind: 'trial-stale'; run: number }
  /** The burst is over, and what it loads is what was saved: from now on it is as if `edit` had launched it. */
  | { kind: 'trial-passed'; run: number; files: string[]; via?: string[] }
  /** The burst is over, and all is as the run before the trial has loaded it. */
  | { kind: 'trial-undone'; run: number; files: string[] }
  /** Its readiness check has passed; a successor's is asked privately, while it waits at its gate. */
  | { kind: 'ready'; run: number }
  /** It would listen at this address of a held socket (`3000/::`), and waits at its gate. */
  | { kind: 'gated'; run: number; address: string }
  /** It accepts connections at this address of a held socket. */
  | { kind: 'attached'; run: number; address: string }
  /** It wants to listen at this address of a held socket, and the kernel does not let it: it serves nobody there. */
  | { kind: 'refused'; run: number; address: string }
  /** It listens on a declared port in a way that cannot be held. */
  | { kind: 'unheld'; run: number; why: string }
  /**
   * `port-taken`: its output says so, and this is who has it. `aloneOnly`: by its last words within its first
   * second it does not stand a second run beside it. `error`: that its last words tell of. `unguarded`: no shim lives
   * that goes on holding its sockets.
   */
  | {
      kind: 'exited';
      run: number;
      exit: Exit;
      portTaken: ParkReason | null;
      aloneOnly?: boolean;
      unguarded?: boolean;
      error?: ErrorMark;
    }
  /** It has finished what it was answering, or the time for that is over. */
  | { kind: 'drained'; run: number; requests: number | null; left: number; took: number }
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
  /** `wait`: another run serves, so it does not listen before `approve`. `trial`: what it prints is kept back until `keep`. */
  | { kind: 'launch'; service: string; run: number; cause: Cause; gate: 'open' | 'wait'; trial?: boolean }
  /** It was on trial, and no longer is. */
  | { kind: 'keep'; service: string; run: number }
  /** Let it listen: `attached` or `refused` follows for each address. May be asked again. */
  | { kind: 'approve'; service: string; run: number }
  /** Drain it for `drain` ms at most, then as `terminate`, then SIGKILL after `grace` ms; `gone` follows. */
  | { kind: 'retire'; service: string; run: number; drain: number; grace: number }
  /** It served nothing and is not wanted any more: SIGTERM, and SIGKILL soon after; `gone` follows. */
  | { kind: 'discard'; service: string; run: number }
  /** Close the held sockets; the launch that follows binds them anew. No run lives. */
  | { kind: 'release'; service: string }
  /** Drain it for `drain` ms at most, then send the stop signal to its process group. 0 ends an earlier drain. */
  | { kind: 'terminate'; service: string; run: number; drain: number }
  /** SIGKILL everything that belongs to the run. */
  | { kind: 'kill'; service: string; run: number }
  /** The run ended by itself: end what it left behind. */
  | { kind: 'sweep'; service: string; run: number }
  /** Give a `timer` event with this epoch at this monotonic time. Replaces the service's earlier timer. */
  | { kind: 'timer'; service: string; at: number; epoch: number }
  | { kind: 'note'; note: Note };
