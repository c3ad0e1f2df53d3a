/**
 * Keeps a process on standby for one service: prepares it when the service has served for a moment, hands it out when a
 * run is launched that it fits, ends it when it does not or nobody needs it any more.
 */
import { existsSync } from 'node:fs';
import type { ResolvedService } from '../../contract/config.ts';
import type { ProcessId } from '../../contract/process-id.ts';
import { STANDBY_VARIABLE } from '../../contract/standby.ts';
import { needDescriptors } from '../../platform/scarcity.ts';
import { isHeldAs } from '../../process/held-record.ts';
import { launchScript } from '../../process/launch-script.ts';
import type { StandbyPlace } from '../../process/standby.ts';
import { machineTools } from '../../process/tools.ts';
import { configHash } from '../config-hash.ts';
import type { DaemonWorld, ServiceRuns } from '../daemon-world.ts';
import { launchOf } from '../launch-of.ts';
import { wishOf } from '../seamless/wish.ts';
import { saysHello } from './hello.ts';
import { stampsOf } from './stamps.ts';
import { type StandbyWish, standbyProblem } from './wish.ts';

/** ms for which a service has served before the next run's process is prepared: the machine may be starting others. */
const CALM_MS = 1_000;
/** ms after which it is looked whether it waits by now: soon, and on a machine that is busy a few times more. */
const LOOKS = [500, 2_000, 8_000, 20_000];
/** One that was killed is replaced this often while one run serves. */
const MOST_DEATHS = 3;
/** Descriptors that preparing one may take. */
const DESCRIPTORS = 12;
/** Told anew with its release. */
const NOT_YET = '-';

interface Draft {
  script: string;
  stamps: string;
}

export interface StandbyParts {
  world: Pick<DaemonWorld, 'env' | 'kit' | 'paths' | 'unasked'>;
  runs: Pick<ServiceRuns, 'standby' | 'held' | 'shim'>;
  spec(): ResolvedService;
  /** The report of the run that serves; null: none does. */
  report(): string | null;
  /** Its note is another one. */
  changed(): void;
}

export class StandbyKeeper {
  readonly #parts: StandbyParts;
  /** Nobody has asked for it, and it has had its time: until the next run. */
  #isOver = false;
  #wish: StandbyWish = 'none';
  #timer: NodeJS.Timeout | null = null;
  #prepared: (Draft & { config: string }) | null = null;
  #isPreparing = false;
  #hasWaited = false;
  #deaths = 0;
  /** Why there is none, and for which configuration that is so. */
  #refusal: { why: string; config: string } | null = null;

  constructor(parts: StandbyParts) {
    this.#parts = parts;
  }

  /** For a person who has asked for it; null: nothing is to be said. */
  get note(): string | null {
    const { standby } = this.#parts.spec();
    return this.#refusal === null || standby !== true ? null : `no standby: ${this.#refusal.why}`;
  }

  /** What waits; null: nothing is known to. */
  get process(): ProcessId | null {
    return this.#hasWaited ? this.#parts.runs.standby.process : null;
  }

  /** The service's state, or its configuration, is another one. */
  follow(wish: StandbyWish): void {
    if (wish === 'none' && this.#wish === 'none') return;
    this.#wish = wish;
    if (wish !== 'prepare') this.#isOver = false;
    if (wish === 'none') {
      this.#refuse(null);
      return this.#drop();
    }
    if (this.#prepared !== null && this.#prepared.config !== this.#config) this.#drop();
    if (wish === 'keep') {
      this.#deaths = 0;
      if (this.#prepared === null) this.#clearTimer();
    } else if (this.#prepared === null && !this.#isPreparing && !this.#isOver && this.#timer === null)
      this.#later(CALM_MS, () => void this.#prepare(LOOKS));
  }

  /**
   * What is to become the run that is launched now; what is there and does not fit is ended. Null: none.
   * `findsHeld`: the run finds what its shim holds.
   */
  fitting(findsHeld: boolean): StandbyPlace | null {
    const { runs } = this.#parts;
    const place = this.#prepared === null ? null : runs.standby.ready();
    if (place !== null && findsHeld === (runs.held !== null) && this.#isAsPrepared(place)) return place;
    this.#drop();
    return null;
  }

  /** It is a run. */
  taken(): void {
    this.#forget();
  }

  /** It could not become one. */
  failed(): void {
    this.#drop();
  }

  close(): void {
    this.#forget();
  }

  get #config(): string {
    return configHash(this.#parts.spec());
  }

  #isAsPrepared(place: StandbyPlace): boolean {
    const now = this.#draft(place);
    return now.script === this.#prepared?.script && now.stamps === this.#prepared.stamps;
  }

  /** `looks`: when it is tried again, while none of its processes has said hello. */
  async #prepare([next, ...looks]: readonly number[]): Promise<void> {
    const { standby } = this.#parts.runs;
    const config = this.#config;
    if (this.#wish !== 'prepare' || this.#refusal?.config === config) return;
    const isHooked = this.#isHooked();
    if (!isHooked && next !== undefined) return this.#later(next, () => void this.#prepare(looks));
    this.#refuse(isHooked ? this.#problem() : 'no Node program of it lets itself be watched');
    const place = this.#refusal === null ? standby.place() : null;
    if (place === null || !this.#isHeld() || !existsSync(this.#parts.world.paths.root)) return;
    if (!this.#isAdmitted()) return;
    this.#isPreparing = true;
    try {
      needDescriptors(DESCRIPTORS);
      const draft = this.#draft(place);
      const isWanted = () => this.#wish === 'prepare' && this.#config === config;
      if (!(await standby.prepare(place, draft.script, isWanted, () => this.#ended())))
        return this.#parts.world.unasked.leave(this);
      this.#prepared = { ...draft, config };
      this.#lookWhether(LOOKS);
    } catch {
      // For want of room, or of an env file: the next run is launched as ever.
    } finally {
      this.#isPreparing = false;
    }
  }

  /** A process that does not come to wait runs the app unseen. */
  #lookWhether([first, ...rest]: readonly number[]): void {
    if (first === undefined) {
      this.#refuse('its command did not come to a Node program that waits');
      return this.#drop();
    }
    this.#later(first, () => {
      const { standby } = this.#parts.runs;
      if (standby.ready() === null) return this.#lookWhether(rest);
      this.#hasWaited = true;
      standby.forgetScript();
      this.#parts.changed();
    });
  }

  /** By itself, or by somebody's hand. */
  #ended(): void {
    if (this.#prepared === null) return;
    const hasWaited = this.#hasWaited;
    this.#forget();
    this.#deaths += 1;
    if (!hasWaited && this.#deaths === MOST_DEATHS) this.#refuse('its process ended before it could wait');
    if (this.#deaths < MOST_DEATHS) this.follow(this.#wish);
  }

  #problem(): string | null {
    return standbyProblem(this.#parts.spec(), machineTools().session.length > 0);
  }

  #isHooked(): boolean {
    const report = this.#parts.report();
    return this.#problem() !== null || (report !== null && saysHello(report));
  }

  /** What it finds held is what its run is to find held. */
  #isHeld(): boolean {
    const { runs, spec } = this.#parts;
    return runs.shim !== null && isHeldAs(runs.held, wishOf(spec()));
  }

  /** Throws UserError for an env file that cannot be read. */
  #draft(place: StandbyPlace): Draft {
    const { world, runs, spec } = this.#parts;
    const { held } = runs;
    const launch = launchOf(spec(), world.env, world.kit.putBack(), {
      run: place.name,
      report: place.report,
      sockets: held === null ? null : { held, control: NOT_YET, gate: 'wait' },
    });
    const env = { ...launch.env, [STANDBY_VARIABLE]: place.fifo };
    return {
      script: launchScript({ ...launch, env }, machineTools()),
      stamps: stampsOf(launch, world.env['PATH'] ?? ''),
    };
  }

  #drop(): void {
    this.#forget();
    this.#parts.runs.standby.drop();
  }

  #forget(): void {
    this.#clearTimer();
    this.#prepared = null;
    this.#hasWaited = false;
    this.#parts.world.unasked.leave(this);
  }

  /** Who has asked for it always is. */
  #isAdmitted(): boolean {
    const { world, spec } = this.#parts;
    if (spec().standby === true) return true;
    const isAdmitted = world.unasked.admit(this, () => {
      this.#isOver = true;
      this.#drop();
    });
    this.#isOver = !isAdmitted;
    return isAdmitted;
  }

  #refuse(why: string | null): void {
    const before = this.note;
    this.#refusal = why === null ? null : { why, config: this.#config };
    if (this.note !== before) this.#parts.changed();
  }

  #later(ms: number, act: () => void): void {
    this.#clearTimer();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      act();
    }, ms);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
