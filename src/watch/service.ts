/** What one service is concerned with, as its current run found it, and what has really changed since. */
import { Boot } from './boot.ts';
import { type Burst, canWait, dueAt, prolong } from './burst.ts';
import { type Concern, type Finding, lateChange, type Mark } from './concern.ts';
import { Concerns } from './concerns.ts';
import { createEarly } from './early.ts';
import { createHeld } from './held.ts';
import { Listings } from './listings.ts';
import { MATCHED, ruleFor, ruleForNamed } from './loops.ts';
import { Pacing } from './pacing.ts';
import type { ServiceFiles, ServiceFilesOptions } from './service-files.ts';
import { isOutdated, type Trial } from './trial.ts';
import { ABSENT } from './verdict.ts';

/**
 * The kernel stamps files with the time of its last tick, up to 10 ms ago: what was written right after it was
 * loaded may be stamped as before. A restart too many is better than code that nobody runs.
 */
const STAMP_LAG = 10;

export function createServiceFiles(options: ServiceFilesOptions): ServiceFiles {
  const { clock, library, ownWrites, slices } = options;
  /** Files with events since they were last compared, each with its last event. */
  const candidates = new Map<string, Mark>();
  const boot = new Boot();
  const held = createHeld(clock, released, options.concluded);
  const pacing = new Pacing(options.quiet, options.memory);
  const listings = new Listings({ enter: options.enter, later: slices.add, found: listed });
  const concerns = new Concerns({
    since: options.since,
    library,
    later: slices.add,
    touched,
    isChanging: (file) => candidates.has(file),
    sameAs: options.sameAs,
  });
  let burst: Burst | null = null;
  let timer: (() => void) | null = null;
  /** The check under way; an event cancels it by taking its number away. */
  let check = 0;
  const early = createEarly({
    now: clock.wall,
    later: slices.add,
    begin: options.begin,
    stale(files) {
      options.trialEnded('stale', files);
      rearm();
    },
    look(file) {
      const its = concerns.get(file);
      const mark = candidates.get(file);
      if (its === undefined || mark === undefined || burst === null) return null;
      // What it writes itself is no reason to begin a run, nor to begin another one.
      if (ownWrites.isSuspected(file) || boot.awaits(its)) return null;
      const version = its.read();
      const isNews = concerns.verdict(its, version, mark.at) === 'changed';
      return { ...lateChange({ file, mark, version }, its), isNews };
    },
  });

  /** The run has not seen it: another one would load it. */
  function listed(file: string): void {
    if (!options.ignores(file) && !concerns.has(file))
      concerns.add(file, ABSENT, concerns.since, 'list', boot.run);
  }

  /** Another run has listed the folders anew: what it has not loaded is none of its concern. */
  function forgetListed(): void {
    for (const [file, its] of concerns.all()) if (its.by.delete('list') && its.by.size === 0) forget(file);
  }

  /** The run that serves, or is to, has loaded it. */
  function loaded(file: string, from: number): void {
    const its = concerns.get(file);
    if (!its) return concerns.add(file, null, from, 'load', boot.run);
    its.by.add('load');
    its.run = boot.run;
    its.since = Math.max(its.since, from);
    const kept = boot.take(file);
    if (kept !== undefined) {
      // What earlier runs found there is no measure: its stamps tell.
      its.known = null;
      released([[file, kept]]);
    }
    early.trial?.own.delete(file);
    // It has changed since it was hashed, and the run may have loaded either: its stamps tell.
    if (candidates.has(file)) its.known = null;
    // Told late: it has loaded what was there before the last burst was over.
    if (from < its.changedAt) distrust(file, its);
  }

  /** The baseline stays that of the run that serves. */
  function loadedOnTrial(tried: Trial, file: string, from: number): void {
    tried.loaded.set(file, Math.min(from, tried.loaded.get(file) ?? from));
    if (concerns.has(file)) return;
    tried.own.add(file);
    concerns.add(file, null, from, 'load', boot.run);
  }

  function distrust(file: string, its: Concern): void {
    its.known = null;
    its.changedAt = Number.NEGATIVE_INFINITY;
    touched(file);
  }

  /** They are compared after all. */
  function released(files: [string, Mark][]): void {
    if (files.length === 0) return;
    for (const [file, mark] of files) if (!candidates.has(file)) candidates.set(file, mark);
    burst = prolong(burst, clock.now());
    arm();
  }

  function touched(file: string): void {
    held.drop(file);
    boot.take(file);
    const at = clock.wall();
    concerns.noteSetBack(file, at);
    candidates.set(file, { at, from: candidates.get(file)?.from ?? at });
    // What the service writes on and on does not keep anybody waiting.
    if (burst !== null && ownWrites.isSuspected(file)) return;
    const now = clock.now();
    burst = prolong(burst, now);
    pacing.touched(now);
    if (options.quiet !== 0) early.touched(file);
    const quiet = pacing.quiet(now, early.isBooting);
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

  /** The end may be sooner than it was. */
  function rearm(): void {
    timer?.();
    timer = null;
    if (check === 0) arm();
  }

  function due(pending: Burst): number {
    return dueAt(pending, pacing.quiet(pending.last, early.isBooting));
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
      if (check !== mine) return;
      conclude(findings);
      options.concluded();
    });
  }

  function conclude(findings: Finding[]): void {
    if (early.trial !== null) options.catchUp();
    const its = burst;
    check = 0;
    burst = null;
    const late = findings.filter(outdatesTrial);
    const found = new Map(findings.map((finding) => [finding.file, settle(finding)]));
    const changed = [...found.keys()].filter((file) => found.get(file) === 'changed');
    // What the run on trial may have written itself is no reason against it.
    const isLate = late.some(({ file }) => found.get(file) !== 'held');
    for (const [file] of candidates) if (!concerns.has(file)) candidates.delete(file);
    const tried = early.end();
    if (candidates.size > 0) {
      burst = prolong(null, clock.now());
      arm();
    }
    const told = changed.filter((file) => !tried?.own.has(file)).sort();
    if (its !== null && told.length > 0) pacing.concluded(its, clock.now());
    const passes = tried !== null && !tried.isStale && told.length > 0 && !isLate;
    if (!passes) listings.withdraw();
    if (tried !== null && !tried.isStale) {
      if (told.length === 0) return options.trialEnded('undone', [...tried.seen.keys()]);
      if (passes) return pass(tried, findings, told);
      early.giveUp(tried);
    }
    if (told.length > 0) options.changed(told);
  }

  function outdatesTrial(finding: Finding): boolean {
    const its = concerns.get(finding.file);
    return its !== undefined && early.trial !== null && isOutdated(early.trial, lateChange(finding, its));
  }

  /** The run that was on trial is the one that all is compared with from now on. */
  function pass(tried: Trial, findings: readonly Finding[], told: string[]): void {
    ownWrites.restarted(concerns.since, tried.since);
    concerns.since = tried.since;
    pacing.restarted(clock.now());
    released(boot.begin());
    for (const [file, at] of tried.loaded) {
      const its = concerns.get(file);
      if (!its) continue;
      its.since = Math.max(its.since, at);
      its.run = boot.run;
      its.by.add('load');
    }
    listings.keep();
    forgetListed();
    for (const { file, mark, version } of findings) {
      const its = concerns.get(file);
      if (its && !tried.loaded.has(file)) its.changedAt = version.stamp ?? mark.at;
    }
    options.trialEnded('passed', told);
  }

  /** Takes the finding as what is known from now on, unless it is put off. */
  function settle({ file, mark, version }: Finding): 'same' | 'held' | 'changed' {
    if (candidates.get(file) === mark) candidates.delete(file);
    const its = concerns.get(file);
    if (!its) return 'same';
    const isNews = concerns.verdict(its, version, mark.at) === 'changed';
    // What its command has built and then begun is no reason to do that again.
    const changed = isNews && !(its.by.has('name') && options.executes(file));
    // Back to what was known is a change as well, for a run that has come to it in between.
    if (boot.awaits(its)) {
      if (!candidates.has(file)) boot.keep(file, mark);
      return 'held';
    }
    const until = changed ? heldUntil(file, its, mark) : 0;
    if (until > clock.wall()) {
      if (!candidates.has(file)) held.add(file, mark, until);
      return 'held';
    }
    its.known = version.content;
    if (!changed && concerns.isLater(its, version)) options.same(file, version.content);
    if (version.content === ABSENT && !its.by.has('name') && !its.by.has('load')) forget(file);
    return changed ? 'changed' : 'same';
  }

  /** Other rules are coming, and know nothing of what was not compared yet: what was only touched is no edit by them. */
  function keepSame(): void {
    for (const file of candidates.keys()) {
      const its = concerns.get(file);
      const version = its?.read();
      if (its === undefined || version === undefined || version.content !== its.known) continue;
      if (concerns.isLater(its, version)) options.same(file, version.content);
    }
  }

  function heldUntil(file: string, its: Concern, mark: Mark): number {
    const loaded = its.by.has('match') ? MATCHED : ruleFor(file);
    const rule = its.by.has('name') ? ruleForNamed(file) : loaded;
    return rule === null ? 0 : ownWrites.heldUntil(file, mark, startBefore(mark), rule);
  }

  /** A run on trial may write what it is watched by as well as any other. */
  function startBefore(mark: Mark): number {
    const begun = early.trial?.since ?? Number.POSITIVE_INFINITY;
    return mark.at >= begun ? begun : concerns.since;
  }

  function forget(file: string): void {
    candidates.delete(file);
    held.drop(file);
    boot.take(file);
    concerns.remove(file);
  }

  return {
    add: (file, from) => concerns.add(file, null, from, 'name', boot.run),
    load(file, at, onTrial, listing = null) {
      const from = at - STAMP_LAG;
      const tried = onTrial ? early.trial : null;
      if (tried !== null) loadedOnTrial(tried, file, from);
      else loaded(file, from);
      if (listing !== null) listings.loaded(file, listing, tried !== null);
    },
    unload(file) {
      const its = concerns.get(file);
      if (its?.by.delete('load') && its.by.size === 0) forget(file);
    },
    found(file, early) {
      const from = Math.max(concerns.since, options.matchedSince);
      concerns.add(file, early ? null : ABSENT, from, 'match', boot.run);
    },
    rebase(at, onTrial) {
      if (onTrial && early.trial !== null) {
        early.trial.since = at;
        return;
      }
      early.forget();
      ownWrites.restarted(concerns.since, at);
      concerns.since = at;
      pacing.restarted(clock.now());
      listings.clear();
      forgetListed();
      // It loads what was put off.
      held.release();
      released(boot.begin());
    },
    booted: () => released(boot.end()),
    trialSettled() {
      if (early.settle()) rearm();
    },
    look(file) {
      if (!concerns.has(file)) listings.look(file);
      if (!concerns.has(file)) return false;
      // Whoever asks for it has saved it himself.
      ownWrites.forget(file);
      if (!candidates.has(file)) touched(file);
      return true;
    },
    isPutOff: held.has,
    get isBusy() {
      return burst !== null || check !== 0 || held.isAwaited;
    },
    close() {
      keepSame();
      timer?.();
      check = 0;
      burst = null;
      early.forget();
      listings.clear();
      held.close();
      for (const [file] of concerns.all()) forget(file);
      options.concluded();
    },
  };
}

let checks = 0;

/** Numbers of checks are never used twice: jobs of a cancelled check may still be queued. */
function nextCheck(): number {
  return ++checks;
}
