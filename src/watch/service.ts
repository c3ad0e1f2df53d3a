/** What one service is concerned with, as its current run found it, and what has really changed since. */
import { type Burst, canWait, dueAt, prolong, quietNow } from './burst.ts';
import type { Clock } from './clock.ts';
import type { Library } from './library.ts';
import { isCalm, isMuted, MATCHED, ruleFor, type Strikes, strike } from './loops.ts';
import type { Slices } from './slices.ts';
import { ABSENT, judge } from './verdict.ts';
import type { ReadVersion, Version } from './versions.ts';

export interface ServiceFiles {
  /** A file named by hand. */
  add(file: string, since: number): void;
  /** A file loaded by the run, or looked for in vain, at `since` (epoch ms). */
  load(file: string, since: number): void;
  /** The run that is current now has not loaded this file. */
  unload(file: string): void;
  /** A file that a glob matched. `early`: it may have been there when the run began. */
  found(file: string, early: boolean): void;
  rebase(since: number): void;
  close(): void;
}

/**
 * The kernel stamps files with the time of its last tick, up to 10 ms ago: what was written right after it was
 * loaded may be stamped as before. A restart too many is better than code that nobody runs.
 */
const STAMP_LAG = 10;

export interface ServiceFilesOptions {
  readonly clock: Clock;
  readonly library: Library;
  readonly slices: Slices;
  /** ms; null: adapts. */
  readonly quiet: number | null;
  /** When the run began, epoch ms. */
  readonly since: number;
  changed(files: string[]): void;
  /** `muted`: changes of this file are left alone, because the service seems to write it itself. */
  muted(file: string, muted: boolean): void;
}

type By = 'name' | 'load' | 'match';

interface Concern {
  /** Content as the run found it; null: not hashed yet. */
  known: string | null;
  since: number;
  /** Why it concerns the service. What is only matched is forgotten when it is gone, the others are waited for. */
  readonly by: Set<By>;
  readonly read: ReadVersion;
  readonly undo: () => void;
}

/** An event, by identity: two of them may fall into one ms. */
interface Mark {
  /** Epoch ms. */
  readonly at: number;
}

interface Finding {
  readonly file: string;
  readonly mark: Mark;
  readonly version: Version;
}

export function createServiceFiles(options: ServiceFilesOptions): ServiceFiles {
  const { clock, library, slices } = options;
  const concerns = new Map<string, Concern>();
  /** Files with events since they were last compared, each with its last event. */
  const candidates = new Map<string, Mark>();
  const strikes = new Map<string, Strikes>();
  let since = options.since;
  let restartedAt = Number.NEGATIVE_INFINITY;
  let burst: Burst | null = null;
  let timer: (() => void) | null = null;
  /** The check under way; an event cancels it by taking its number away. */
  let check = 0;

  function concern(file: string, known: string | null, from: number, by: By): void {
    const present = concerns.get(file);
    if (present) {
      present.by.add(by);
      if (by === 'load') present.since = Math.max(present.since, from);
      return;
    }
    concerns.set(file, { known, since: from, by: new Set([by]), ...library.use(file, touched) });
    if (known === null) slices.add(() => learn(file));
    else touched(file);
  }

  /** Takes the content as the one that the run found, unless it has changed already. */
  function learn(file: string): void {
    const its = concerns.get(file);
    if (its?.known !== null || candidates.has(file)) return;
    const version = its.read();
    if (verdict(its, version, null) === 'changed') touched(file);
    else its.known = version.content;
  }

  function verdict(its: Concern, version: Version, eventAt: number | null): ReturnType<typeof judge> {
    const begun = Math.max(its.since, since);
    return judge({ known: its.known, current: version.content, stamp: version.stamp, since: begun, eventAt });
  }

  function touched(file: string): void {
    candidates.set(file, { at: clock.wall() });
    const now = clock.now();
    burst = prolong(burst, now);
    const quiet = quietNow(options.quiet, restartedAt, now);
    // A check under way would see a save half done; only a burst that has lasted too long goes on.
    if (check !== 0 && !canWait(burst, quiet, now)) return;
    check = 0;
    arm();
  }

  /** One timer for a whole burst: it looks when it fires whether the end has moved. */
  function arm(): void {
    if (timer || !burst) return;
    timer = clock.after(Math.max(0, due(burst) - clock.now()), () => {
      timer = null;
      if (!burst) return;
      if (due(burst) > clock.now()) arm();
      else look();
    });
  }

  function due(pending: Burst): number {
    return dueAt(pending, quietNow(options.quiet, restartedAt, pending.last));
  }

  function look(): void {
    const mine = nextCheck();
    check = mine;
    const findings: Finding[] = [];
    for (const [file, mark] of candidates) {
      slices.add(() => {
        const its = concerns.get(file);
        if (check === mine && its) findings.push({ file, mark, version: its.read() });
      });
    }
    slices.add(() => {
      if (check === mine) conclude(findings);
    });
  }

  function conclude(findings: Finding[]): void {
    check = 0;
    burst = null;
    const changed = findings.filter(settle).map((finding) => finding.file);
    for (const [file] of candidates) if (!concerns.has(file)) candidates.delete(file);
    if (candidates.size > 0) {
      burst = prolong(null, clock.now());
      arm();
    }
    const told = changed.filter(isTrusted).sort();
    if (told.length > 0) options.changed(told);
  }

  /** Takes the finding as what is known from now on; true: it is a change. */
  function settle({ file, mark, version }: Finding): boolean {
    if (candidates.get(file) === mark) candidates.delete(file);
    const its = concerns.get(file);
    if (!its) return false;
    const changed = verdict(its, version, mark.at) === 'changed';
    its.known = version.content;
    // What the command names is edited by people, as often as they like.
    if (changed && !its.by.has('name')) {
      const rule = its.by.has('match') ? MATCHED : ruleFor(file);
      strikes.set(file, strike(strikes.get(file) ?? null, mark.at, since, rule));
    }
    if (version.content === ABSENT && !its.by.has('name') && !its.by.has('load')) forget(file, its);
    return changed;
  }

  function forget(file: string, its: Concern): void {
    concerns.delete(file);
    candidates.delete(file);
    its.undo();
  }

  function isTrusted(file: string): boolean {
    const its = strikes.get(file);
    const muted = its !== undefined && isMuted(its);
    options.muted(file, muted);
    return !muted;
  }

  return {
    add: (file, from) => concern(file, null, from, 'name'),
    load: (file, from) => concern(file, null, from - STAMP_LAG, 'load'),
    unload(file) {
      const its = concerns.get(file);
      if (its?.by.delete('load') && its.by.size === 0) forget(file, its);
    },
    found: (file, early) => concern(file, early ? null : ABSENT, since, 'match'),
    rebase(at) {
      since = at;
      restartedAt = clock.now();
      for (const [file, its] of strikes) {
        if (!isCalm(its, at)) continue;
        strikes.delete(file);
        options.muted(file, false);
      }
    },
    close() {
      timer?.();
      check = 0;
      burst = null;
      for (const [file, its] of concerns) forget(file, its);
    },
  };
}

let checks = 0;

/** Numbers of checks are never used twice: jobs of a cancelled check may still be queued. */
function nextCheck(): number {
  return ++checks;
}
