/** Make-believe processes and held sockets, as adapters and kernel have them: they do what effects say, or it is a mistake. */
import { expect } from 'vitest';
import type { Effect } from '../../src/supervisor/events.ts';

/** What a run was told, each more than the one before. `discard` is as good as `end`. */
const TOLD = ['nothing', 'drain', 'end', 'kill'] as const;

/** A run. `ended`: its own process has, the rest of its tree may live on. */
export interface Process {
  readonly service: string;
  readonly run: number;
  told: (typeof TOLD)[number];
  /** Its end is seen to by whoever was told, SIGKILL included. */
  seenTo: boolean;
  ended: boolean;
  /** Its gate. */
  open: boolean;
  ready: boolean;
  /** It does not count so far. */
  trial: boolean;
  /** Addresses that it has asked for. */
  wants: string[];
  /** Addresses at which it accepts connections. */
  serves: string[];
}

export class Machine {
  readonly processes: Process[] = [];
  /** Addresses that listen in the kernel, by service. */
  readonly #listening = new Map<string, Set<string>>();
  readonly #lastRuns = new Map<string, number>();
  /** Runs whose end was written down. */
  readonly #ends = new Set<string>();
  /** Runs whose start was. */
  readonly #starts = new Set<string>();
  /** A daemon that came back asks for things again. */
  isAgain = false;

  of(service: string): Process[] {
    return this.processes.filter((each) => each.service === service);
  }

  get(service: string, run: number): Process | undefined {
    return this.processes.find((each) => each.service === service && each.run === run);
  }

  remove(process: Process): void {
    this.processes.splice(this.processes.indexOf(process), 1);
  }

  listening(service: string): Set<string> {
    const found = this.#listening.get(service) ?? new Set();
    this.#listening.set(service, found);
    return found;
  }

  /** listen(2) on a held socket: not while another address of its port listens. */
  listen(process: Process, address: string): 'attached' | 'refused' {
    const listening = this.listening(process.service);
    const port = (each: string) => each.split('/')[0];
    const clash = [...listening].some((each) => each !== address && port(each) === port(address));
    process.wants = process.wants.filter((each) => each !== address);
    if (clash) return 'refused';
    listening.add(address);
    process.serves.push(address);
    return 'attached';
  }

  hasStart(service: string, run: number): boolean {
    return this.#starts.has(`${service}/${run}`);
  }

  hasEnd(service: string, run: number): boolean {
    return this.#ends.has(`${service}/${run}`);
  }

  carryOut(effect: Exclude<Effect, { kind: 'timer' }>): void {
    if (effect.kind === 'note') {
      const { note } = effect;
      if (note.kind === 'run-started') this.#starts.add(`${note.service}/${note.run}`);
      if ('run' in note)
        expect(
          this.hasStart(note.service, note.run),
          `${note.kind} of run ${note.run} whose start was told`,
        ).toBe(true);
      if (note.kind !== 'run-ended') return;
      const { service, run } = note;
      expect(this.hasEnd(service, run), `${service} has one end of run ${run}`).toBe(false);
      this.#ends.add(`${service}/${run}`);
      return;
    }
    const { service } = effect;
    switch (effect.kind) {
      case 'launch':
        return this.#launch(service, effect.run, effect.gate === 'open', effect.trial === true);
      case 'keep':
        this.#live(service, effect.run, 'keep').trial = false;
        return;
      case 'approve':
        expect(
          this.get(service, effect.run)?.trial,
          `run ${effect.run} of ${service} takes over on trial`,
        ).toBe(false);
        this.#live(service, effect.run, 'approve').open = true;
        return;
      case 'retire':
        return this.#tell(service, effect.run, 'drain', true);
      case 'discard':
        return this.#tell(service, effect.run, 'end', true);
      case 'terminate':
        return this.#tell(service, effect.run, effect.drain > 0 ? 'drain' : 'end', false);
      case 'kill':
        return this.#tell(service, effect.run, 'kill', false);
      case 'release':
        expect(this.of(service), `${service} lets go of its sockets while runs live`).toEqual([]);
        this.listening(service).clear();
        return;
      case 'sweep':
        expect(this.get(service, effect.run), 'swept while it lives').toBeUndefined();
        return;
    }
  }

  #launch(service: string, run: number, open: boolean, trial: boolean): void {
    expect(run, `${service} has a new run number`).toBe((this.#lastRuns.get(service) ?? 0) + 1);
    this.#lastRuns.set(service, run);
    const base = { told: 'nothing', seenTo: false, ended: false, ready: false } as const;
    this.processes.push({ ...base, service, run, open, trial, wants: [], serves: [] });
  }

  #live(service: string, run: number, what: string): Process {
    const process = this.get(service, run);
    expect(process, `${what} of run ${run} of ${service}, which lives`).toBeDefined();
    return process as Process;
  }

  #tell(service: string, run: number, told: Process['told'], seenTo: boolean): void {
    const process = this.#live(service, run, told);
    const before = TOLD.indexOf(process.told);
    if (!this.isAgain && told !== 'end') {
      expect(TOLD.indexOf(told), `run ${run} of ${service}: ${told} after ${process.told}`).toBeGreaterThan(
        before,
      );
    }
    if (TOLD.indexOf(told) > before) process.told = told;
    process.seenTo = seenTo || (process.seenTo && told === 'end' && before === TOLD.indexOf('end'));
  }
}
