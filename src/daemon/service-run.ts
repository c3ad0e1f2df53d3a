/**
 * One run as the daemon knows it: its record, what its start waits for, where it listens, what it said last.
 * A readiness check belongs to its run: it begins only while the run is on its way, and nothing that ends
 * that state leaves it behind.
 */
import type { ResolvedService } from '../contract/config.ts';
import type { Exit } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import type { GateSetting } from '../contract/sockets.ts';
import { lastLines } from '../logs/last-lines.ts';
import type { Family } from '../platform/listen-table.ts';
import type { SocketTrace } from '../platform/ports.ts';
import { reach } from '../platform/reach.ts';
import type { HeldRecord } from '../process/held-record.ts';
import type { RunFolder, RunRecord } from '../process/run-folder.ts';
import type { Pending } from './pending.ts';
import { prepareControl, removeControls } from './seamless/control-path.ts';
import type { RunSockets } from './seamless/run-sockets.ts';

/** Lines kept of a run that ended: to show why. */
export const LAST_WORDS = 30;
/** ms from the end of a run to the writing of its record. */
const SAVE_MS = 40;

export interface Listening {
  port: number;
  family: Family;
  trace: SocketTrace | null;
}

/** Checks that only the program passes: then it has read its script. By the others a run may be ready before that. */
const BY_ITS_WORK: ReadonlySet<string> = new Set(['port', 'http', 'log']);

export class ServiceRun {
  readonly run: number;
  readonly folder: RunFolder;
  /** In words: what its start still waits for. */
  detail = '';
  /** Why it cannot be launched for now; null: nothing was in its way. */
  hindrance: string | null = null;
  /** Where it was found to listen. */
  listening: Listening | null = null;
  /** What it found held when it was launched; null: nothing. */
  held: { record: HeldRecord; control: string; gate: GateSetting } | null = null;
  /** What it tells of those. */
  sockets: RunSockets | null = null;
  readonly #pending: Pending;
  #record: RunRecord | null = null;
  /** What it was launched by, whatever the configuration says by now. */
  #spec: ResolvedService | null = null;
  /** Null: not read yet. */
  #lastWords: string[] | null = null;
  #isLeaving = false;
  #isOnTrial: boolean;
  #endCheck: () => void = () => {};

  constructor(run: number, folder: RunFolder, pending: Pending, isOnTrial = false) {
    this.run = run;
    this.folder = folder;
    this.#pending = pending;
    this.#isOnTrial = isOnTrial;
  }

  /** Nobody is told of it so far: see supervisor/trial.ts. */
  get isOnTrial(): boolean {
    return this.#isOnTrial;
  }

  /** Null until it is launched. */
  get record(): RunRecord | null {
    return this.#record;
  }

  /** It was launched, and its end is not known. */
  get lives(): boolean {
    return this.#record !== null && this.#record.exit === null;
  }

  /** It may still become ready. */
  get isOnItsWay(): boolean {
    return this.lives && this.#record?.readyAt === null && !this.#isLeaving;
  }

  /** Its sockets and where it is to make its control socket. Throws UserError when that cannot be made. */
  finds(record: HeldRecord, control: string, gate: GateSetting): void {
    prepareControl(control);
    this.held = { record, control, gate };
  }

  /** Its record is on disk: it was just launched, or an earlier daemon did so. */
  recorded(record: RunRecord, spec: ResolvedService): void {
    this.#record = record;
    this.#spec = spec;
    if (this.hindrance !== null) this.detail = 'starting';
    this.hindrance = null;
  }

  /** It is on trial no more; on disk before anything follows from that. */
  keep(): void {
    this.#isOnTrial = false;
    if (this.#record === null) return;
    const { trial: _, ...kept } = this.#record;
    this.#record = kept;
    this.#save();
  }

  /** Not written: the process itself has, into the run's folder. */
  identified(process: ProcessId | null): void {
    if (this.#record !== null) this.#record = { ...this.#record, process };
  }

  /** Begins its readiness check, which gives its undo; in place of an earlier one. */
  check(begin: (spec: ResolvedService) => () => void): void {
    this.#endCheck();
    this.#endCheck = this.isOnItsWay && this.#spec !== null ? begin(this.#spec) : () => {};
  }

  /** `at`: epoch ms. */
  ready(at: number): void {
    this.#settle();
    if (this.#record === null) return;
    this.#record = { ...this.#record, readyAt: at };
    const hasBegun = BY_ITS_WORK.has(this.#spec?.ready.kind ?? 'started');
    // It takes the traffic first. On disk before anybody is told: this is asked for sooner than that.
    this.#later(setImmediate, () => {
      // It may hold secrets.
      if (hasBegun) this.folder.forgetScript();
      this.#save();
    });
  }

  /** It is to end: it becomes ready no more. */
  leave(): void {
    this.#isLeaving = true;
    this.#settle();
  }

  /** Its own process ended; `now` (epoch ms) counts when its wrapper left no time. */
  ended(exit: Exit, now: number): void {
    this.#settle();
    this.sockets?.readNow();
    this.sockets?.close();
    if (this.#record !== null) this.#record = { ...this.#record, exit, endedAt: now };
    // After its successor's launch: the exit is on disk already, by the hand of the wrapper.
    this.#later(setImmediate, () => this.#tidy(now));
    this.#later(
      (save) => setTimeout(save, SAVE_MS),
      () => {
        this.#save();
        reach('ended-saved');
      },
    );
  }

  /** What it said last, once it has ended. */
  get lastWords(): readonly string[] {
    this.#lastWords ??= lastLines(this.folder.spool, LAST_WORDS);
    return this.#lastWords;
  }

  /** The last lines that it printed. */
  lastLines(count: number): string[] {
    if (this.#record === null) return [];
    return this.lives ? lastLines(this.folder.spool, count) : this.lastWords.slice(-count);
  }

  /** Its record was removed from disk. Throws what the file system throws. */
  recordAgain(): void {
    if (this.#record !== null) this.folder.makeAgain(this.#record);
    this.#save();
  }

  /** The daemon ends; the run goes on. */
  close(): void {
    this.#endCheck();
    this.sockets?.close();
  }

  #settle(): void {
    this.detail = '';
    this.#endCheck();
  }

  /** Its last words before its spool is done with, its end as its wrapper wrote it. */
  #tidy(now: number): void {
    void this.lastWords;
    if (this.held !== null) removeControls(this.held.control);
    if (this.#record !== null) this.#record = { ...this.#record, endedAt: this.folder.readExit()?.at ?? now };
  }

  #later(when: (act: () => void) => void, act: () => void): void {
    this.#pending.add(
      new Promise((resolve) => {
        when(() => {
          act();
          resolve();
        });
      }),
    );
  }

  #save(): void {
    if (this.#record === null) return;
    try {
      this.folder.save(this.#record);
    } catch {
      // A full disk: pid and exit are in files that were made beforehand; the next daemon reads those.
    }
  }
}
