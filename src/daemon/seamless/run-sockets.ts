/** Which held sockets a run serves from, or would, as its processes tell in its report. */
import type { ReportLine } from '../../contract/report.ts';
import { socketName } from '../../contract/sockets.ts';
import { type ReportFollower, shareReport } from '../../loads/index.ts';
import type { HeldRecord } from '../../process/held-record.ts';
import { type AttachAnswer, attach, type Company, keepCompany } from './control.ts';
import { isControlOf, removeGoneControls } from './control-path.ts';

export interface RunSocketsEvents {
  /** It would listen at this address of a held socket (`3000/::`), and waits at its gate. Once for each address. */
  gated(address: string): void;
  /** It accepts connections at this address. Once for each address. */
  attached(address: string): void;
  /** It wants to listen at this address, and the kernel does not let it. */
  refused(address: string): void;
  /** It listens on a port that is held, and not on the held socket; why, in a word or two. */
  unheld(why: string): void;
}

export interface RunSocketsOf {
  /** Its report, absolute. */
  report: string;
  /** Where it was told to make its control socket. */
  control: string;
  /** What it found held. */
  held: HeldRecord;
  /** Whether there is a process of this number. */
  isAlive(pid: number): boolean;
  events: RunSocketsEvents;
}

/** A process that takes a held socket. */
interface Holder {
  pid: number;
  isAttached: boolean;
}

/** Processes of one run that may have a control socket each; more are nobody's honest number. */
const MOST_CONTROLS = 64;

export class RunSockets {
  readonly #of: RunSocketsOf;
  readonly #addresses: ReadonlySet<string>;
  readonly #follower: ReportFollower;
  readonly #listeners = new Set<() => void>();
  readonly #controls = new Map<number, string>();
  readonly #holders = new Map<string, Holder>();
  readonly #company = new Map<number, Company>();
  #unheld: string | null = null;
  /** The first port on which it listens that was not declared; 0: none is known. */
  #undeclared = 0;

  constructor(of: RunSocketsOf) {
    this.#of = of;
    this.#addresses = new Set(of.held.sockets.map(socketName));
    this.#follower = shareReport(of.report, (line) => this.#take(line));
  }

  get held(): HeldRecord {
    return this.#of.held;
  }

  /** The control sockets of its processes. */
  get controls(): string[] {
    return [...this.#controls.values()];
  }

  /** Has its processes open their gates. What became of it, each tells in the report. */
  attach(): Promise<AttachAnswer[]> {
    return Promise.all([...this.#controls].map(([pid, path]) => this.#attachByCompany(pid) ?? attach(path)));
  }

  /** Its process that takes connections at this port, or would, by which address and control socket; null: none yet. */
  holderOf(port: number): { pid: number; address: string; control: string | null } | null {
    for (const [name, { pid }] of this.#holders) {
      const [held, address = ''] = name.split('/');
      if (held === String(port)) return { pid, address, control: this.#controls.get(pid) ?? null };
    }
    return null;
  }

  /** Why it listens on a port, and not on the held socket; null when it does not. */
  get unheld(): string | null {
    return this.#unheld;
  }

  /** Where it listens in the place of its declared ports; null: it took one of them, or is about to. */
  get elsewhere(): string | null {
    if (this.#holders.size > 0) return null;
    return this.#undeclared === 0
      ? 'it listens on none of its declared ports'
      : `it listens on port ${this.#undeclared}, which is not declared`;
  }

  /** Calls back whenever something of this has changed. Returns the undo. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is in the report by now is told at once. */
  readNow(): void {
    this.#follower.readNow();
  }

  /** The run has ended, or the daemon does. */
  close(): void {
    this.#follower.stop();
    this.#listeners.clear();
    for (const company of this.#company.values()) company.leave();
    this.#company.clear();
  }

  #take(line: ReportLine): void {
    switch (line[0]) {
      case 'control':
        return this.#learnControl(line[2], line[3]);
      case 'gated':
        return this.#learnHolder(line[2], line[3], false);
      case 'attached':
        return this.#learnHolder(line[2], line[3], true);
      case 'uncaptured':
        return this.#learnUncaptured(line[3], line[4]);
    }
  }

  #learnControl(pid: number, path: string): void {
    // A process of the service writes the report: it does not choose whom the daemon talks to.
    if (!isControlOf(path, this.#of.control)) return;
    this.#forgetGone();
    if (this.#controls.size >= MOST_CONTROLS) return;
    this.#controls.set(pid, path);
    this.#changed();
  }

  /** One that holds a socket is known until another does: without its control socket, the port would be asked in its place. */
  #forgetGone(): void {
    const { control, isAlive } = this.#of;
    removeGoneControls(control, isAlive);
    const holders = new Set([...this.#holders.values()].map(({ pid }) => pid));
    for (const pid of [...this.#controls.keys()]) {
      if (holders.has(pid) || isAlive(pid)) continue;
      this.#controls.delete(pid);
      this.#leave(pid);
    }
  }

  #learnHolder(pid: number, address: string, isAttached: boolean): void {
    if (!this.#addresses.has(address)) return;
    const known = this.#holders.get(address);
    // Closed, and listened on again.
    if (known?.isAttached === true || (known !== undefined && !isAttached && known.pid === pid)) return;
    this.#holders.set(address, { pid, isAttached });
    if (isAttached) this.#leave(pid);
    else this.#wait(pid);
    if (isAttached) this.#of.events.attached(address);
    else if (known === undefined) this.#of.events.gated(address);
    this.#changed();
  }

  #learnUncaptured(port: number, why: string): void {
    if (!this.#of.held.ports.includes(port)) {
      this.#undeclared ||= port;
      return this.#changed();
    }
    const waiting = [...this.#holders].filter(
      ([address, { isAttached }]) => !isAttached && address.startsWith(`${port}/`),
    );
    if (/^E[A-Z]+$/.test(why) && waiting.length > 0) {
      for (const [address] of waiting) this.#of.events.refused(address);
      return;
    }
    this.#unheld ??= why;
    this.#of.events.unheld(why);
    this.#changed();
  }

  #attachByCompany(pid: number): Promise<AttachAnswer> | null {
    const company = this.#company.get(pid);
    const answer = company?.attach() ?? null;
    void answer?.then(({ kind }) => {
      if (kind === 'attached' || this.#company.get(pid) !== company) return;
      // It still waits, and that was its company.
      this.#company.delete(pid);
      this.#wait(pid);
    });
    return answer;
  }

  /** At its gate, as long as it takes: without company it would open by itself. */
  #wait(pid: number): void {
    const path = this.#controls.get(pid);
    if (path !== undefined && !this.#company.has(pid)) this.#company.set(pid, keepCompany(path));
  }

  #leave(pid: number): void {
    this.#company.get(pid)?.leave();
    this.#company.delete(pid);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
