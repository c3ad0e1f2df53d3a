/**
 * Starting is recovering: what an earlier daemon left is read from disk. The snapshot says what was
 * wanted and known; the run folders, written by shims and runs themselves, say what is true.
 */
import { existsSync } from 'node:fs';
import type { ResolvedConfig } from '../contract/config.ts';
import type { ErrorMark, Exit } from '../contract/facts.ts';
import { NO_SWAP, NOT_HELD, type ServiceState } from '../contract/service-state.ts';
import { type ServiceSnapshot, Snapshot } from '../contract/snapshot.ts';
import { lastLines } from '../logs/last-lines.ts';
import { readJson } from '../platform/files.ts';
import type { WorkspacePaths } from '../platform/paths.ts';
import { markIn, mayBeOfError } from '../problem/mark.ts';
import { type RunRecord, recordedRuns, runFolder } from '../process/run-folder.ts';
import { liveRuns, newService, type Service } from '../supervisor/state.ts';
import { withoutTrial } from '../supervisor/trial.ts';
import { fromRecords, openRuns, stateOf } from './from-records.ts';
import { fitted } from './seamless/unfit.ts';
import { LAST_WORDS } from './service-run.ts';
import { readStateFile } from './state-file.ts';

type Ready = Extract<ServiceState, { kind: 'ready' }>;

export interface Recovered {
  services: Service[];
  /** Runs that have not ended as far as their record says. */
  open: RunRecord[];
  /** Runs whose end was written down, but not what followed from it. */
  ended: { service: string; run: number; exit: Exit; error?: ErrorMark }[];
  /** Ended runs whose output was not copied to its end: that comes after the end of all that they left behind. */
  unread: { service: string; runs: number[] }[];
  /** Runs whose start an earlier daemon had told of, and of which nothing is on disk: they were never begun. */
  notBegun: { service: string; run: number }[];
  /** Runs that lived when the machine went down, with their exit as far as it is known, and when it was written (epoch ms). */
  down: { record: RunRecord; exit: Exit; at: number | undefined }[];
  /** The machine was started again since an earlier daemon wrote what it knew. */
  rebooted: boolean;
  notes: string[];
}

export interface Before {
  /** An earlier daemon of this boot did not end on purpose, so what it ran may still run. */
  crashed: boolean;
  /** Nothing runs, and what the state file says is wanted. */
  startsWanted: boolean;
}

/** Where neither is so, nothing runs, and only the numbering of the runs goes on. */
export function recover(
  config: ResolvedConfig,
  paths: WorkspacePaths,
  boot: string,
  { crashed, startsWanted }: Before,
  now: number,
): Recovered {
  const parsed = Snapshot.safeParse(readJson(paths.snapshot));
  const told = new Map((parsed.success ? parsed.data.services : []).map((each) => [each.name, each]));
  const isOfThisBoot = parsed.success && parsed.data.boot === boot;
  const known = isOfThisBoot ? told : new Map<string, ServiceSnapshot>();
  const wanted = readStateFile(paths.state);
  const result: Recovered = {
    services: [],
    open: [],
    ended: [],
    unread: [],
    notBegun: [],
    // A daemon of this boot that has come to write what it knows has told of them.
    down: isOfThisBoot ? [] : config.services.flatMap(({ name }) => wentDown(paths.runs, name, boot)),
    rebooted: parsed.success && !isOfThisBoot,
    notes: wanted === 'corrupt' ? ['.server-daemon-state.json was not readable and is written anew'] : [],
  };
  const gone = Array.isArray(wanted)
    ? wanted.filter((name) => !config.services.some((spec) => spec.name === name))
    : [];
  if (startsWanted && gone.length > 0)
    result.notes.push(`not started, since it is not configured any more: ${gone.join(', ')}`);
  for (const written of config.services) {
    const snapshot = known.get(written.name);
    const last = lastRecord(paths.runs, written.name);
    const { spec, mode, why } = fitted(written, {
      reason: told.get(written.name)?.modeReason ?? null,
      hash: last?.config,
    });
    const numbers = recordedRuns(paths.runs, spec.name);
    // A folder without a record takes its number up all the same.
    const lastRun = Math.max(snapshot?.lastRun ?? 0, ...numbers);
    const fresh = {
      ...newService(spec, mode, why),
      lastRun,
      lastExit: last?.exit ?? null,
      lastCause: last?.cause ?? null,
    };
    const isWanted = Array.isArray(wanted) && wanted.includes(spec.name);
    if (!crashed) {
      const lastCause = told.get(spec.name)?.lastCause ?? fresh.lastCause;
      result.services.push({ ...fresh, wanted: startsWanted && isWanted, lastCause });
      continue;
    }
    const current = last !== null && last.boot === boot ? last : null;
    const base =
      snapshot === undefined
        ? withoutSnapshot(fresh, openRuns(paths.runs, spec.name, boot), wanted, now)
        : fromSnapshot(fresh, snapshot);
    const unseen = toldRuns(base).filter((run) => run > (numbers.at(-1) ?? 0));
    result.notBegun.push(...unseen.map((run) => ({ service: spec.name, run })));
    const isAside = base.retiring.some(({ run }) => run === current?.run);
    const state = isAside ? base.state : trueState(base.state, current, now);
    const hasRecord = (run: number) => runFolder(paths.runs, spec.name, run).load()?.boot === boot;
    const aside = withoutTrial({ ...base, state });
    // One on trial may have been written down and never begun: nobody would tell that it is gone.
    const service = { ...aside, retiring: aside.retiring.filter(({ run }) => hasRecord(run)) };
    for (const run of [...new Set([...liveRuns(service), ...(current === null ? [] : [current.run])])].sort(
      ascending,
    )) {
      const record = runFolder(paths.runs, spec.name, run).load();
      if (record === null || record.boot !== boot) continue;
      if (record.exit === null) result.open.push(record);
      else if (liveRuns(service).includes(run))
        result.ended.push({ service: spec.name, run, exit: record.exit, ...errorOf(record, paths) });
    }
    result.services.push(service);
  }
  result.unread = unreadOf(config, paths.runs, boot, result.open);
  return result;
}

/**
 * Whatever the snapshot says: it is as old as what happened last, and a run that it calls alive may have ended and have
 * been followed since.
 */
function unreadOf(
  { services }: ResolvedConfig,
  runs: string,
  boot: string,
  open: readonly RunRecord[],
): Recovered['unread'] {
  return services.flatMap(({ name }) => {
    const isOpen = (run: number) => open.some((each) => each.service === name && each.run === run);
    const unread = recordedRuns(runs, name).filter((run) => !isOpen(run) && isUnread(runs, name, run, boot));
    return unread.length > 0 ? [{ service: name, runs: unread }] : [];
  });
}

/** The last two: one may have served while the other was to take over. */
function wentDown(runs: string, service: string, boot: string): Recovered['down'] {
  return recordedRuns(runs, service)
    .slice(-2)
    .flatMap((run) => {
      const folder = runFolder(runs, service, run);
      const record = folder.load();
      if (record === null || record.boot === boot || record.exit !== null) return [];
      const told = folder.readExit();
      return [{ record, exit: told?.exit ?? { unknown: true }, at: told?.at }];
    });
}

/** Those that the snapshot says were starting. */
function toldRuns({ state }: Service): number[] {
  if (state.kind === 'starting') return [state.run];
  return state.kind === 'ready' && state.successor !== null && !state.successor.trial
    ? [state.successor.run]
    : [];
}

/** The error that its last words tell of, as far as they have not been copied yet. */
function errorOf({ service, run, exit }: RunRecord, { root, runs }: WorkspacePaths): { error?: ErrorMark } {
  if (exit === null || !mayBeOfError(exit)) return {};
  const error = markIn(lastLines(runFolder(runs, service, run).spool, LAST_WORDS), root);
  return error === undefined ? {} : { error };
}

/** Its spool is still there, and nobody will write to it any more. */
function isUnread(runs: string, service: string, run: number, boot: string): boolean {
  const folder = runFolder(runs, service, run);
  if (!existsSync(folder.spool)) return false;
  const record = folder.load();
  // Nobody was told of it.
  if (record?.trial === true) return false;
  // The wrapper writes the exit at once, the daemon its record a little later.
  return record === null || record.exit !== null || record.boot !== boot || folder.readExit() !== null;
}

/** The record of a run that the daemon never wrote down is as good as none. */
function lastRecord(runs: string, service: string): RunRecord | null {
  for (const run of recordedRuns(runs, service).reverse()) {
    const record = runFolder(runs, service, run).load();
    // What ended on trial never counted.
    if (record !== null && !(record.trial === true && record.exit !== null)) return record;
  }
  return null;
}

/** Where nobody can say any more what was wanted, nothing that runs is stopped. */
function withoutSnapshot(
  fresh: Service,
  open: RunRecord[],
  wanted: ReturnType<typeof readStateFile>,
  now: number,
): Service {
  const isWanted = Array.isArray(wanted) ? wanted.includes(fresh.spec.name) : open.length > 0;
  return { ...fromRecords(fresh, open, now), wanted: isWanted };
}

function fromSnapshot(fresh: Service, snapshot: ServiceSnapshot): Service {
  const { wanted, failures, attempt, restarts, lastExit, restartAsked, stopAsked, state } = snapshot;
  const { restartHow, retiring, sockets } = snapshot;
  const isBehind = snapshot.lastRun < fresh.lastRun && fresh.lastCause !== null;
  return {
    ...fresh,
    wanted,
    failures,
    attempt,
    restarts,
    lastExit: isBehind && fresh.lastExit !== null ? fresh.lastExit : lastExit,
    lastCause: isBehind ? fresh.lastCause : snapshot.lastCause,
    restartAsked,
    restartHow,
    retiring,
    sockets,
    stopAsked,
    state,
  };
}

/** It was launched beside the current run, or in its place: its gate tells. What it has come to, its report tells. */
function withSuccessor(state: Ready, last: RunRecord, now: number): ServiceState {
  if (state.successor !== null) {
    // What it has come to be is on disk before it takes over.
    const isKept = state.successor.run === last.run && last.trial !== true;
    if (!isKept || !state.successor.trial) return state;
    // It was on trial when its check passed: what follows from that is asked for again.
    return { ...state, successor: { ...state.successor, trial: false, phase: 'starting' } };
  }
  const { run, cause } = last;
  if (last.gate !== 'wait') return { kind: 'starting', run, cause, since: now, late: null, ...NOT_HELD };
  // One that has ended failed, and the current run goes on.
  if (last.exit !== null) return state;
  return {
    ...state,
    successor: { run, cause, since: now, phase: 'starting', gated: [], held: [], trial: last.trial === true },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** The daemon may have died between starting a run and writing so, or the other way round: the run's record is right. */
function trueState(state: ServiceState, last: RunRecord | null, now: number): ServiceState {
  if (last === null) return 'run' in state ? { kind: 'stopped' } : state;
  if (state.kind === 'ready' && state.run < last.run && (state.successor?.run ?? last.run) === last.run)
    return withSuccessor(state, last, now);
  if ('run' in state && state.run === last.run) {
    // Nobody asks again whether a run is ready that was found to be.
    if (state.kind !== 'starting' || last.readyAt === null) return state;
    const { run, cause, since, held, unheld } = state;
    return { kind: 'ready', run, cause, since, readyAt: now, ...NO_SWAP, held, unheld };
  }
  if (last.exit !== null) return 'run' in state ? { kind: 'stopped' } : state;
  return stateOf(last, now);
}
