/** The journal of one service, as what is known of each run. Pure. */
import type { Drained, PortMeanwhile } from '../../contract/api/history.ts';
import type { Cause, ErrorMark, Exit, ParkReason } from '../../contract/facts.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { serviceOf } from '../journal.ts';

/** Times are epoch ms, spans ms; null: it is not known, or did not happen. */
export interface RunFacts {
  run: number;
  startedAt: number | null;
  cause: Cause | null;
  readyAfter: number | null;
  /** The run that it took over from. */
  replaced: number | null;
  /** The run that took over from it. */
  replacedBy: number | null;
  port: PortMeanwhile | null;
  /** Why it ended; null: by itself, or it has not. */
  endCause: Cause | null;
  endedAt: number | null;
  exit: Exit | null;
  lasted: number | null;
  drained: Drained | null;
  error: ErrorMark | null;
  /** What followed: the delay before the next try, or why there is none. */
  retryIn: number | null;
  parked: ParkReason | null;
  /** All of it, oldest first. */
  entries: JournalEntry[];
}

/** Oldest first. What is told without a run (a retry, a parking) belongs to the run before it. */
export function runFacts(journal: JournalEntry[], service: string): RunFacts[] {
  const runs = new Map<number, RunFacts>();
  let latest: RunFacts | null = null;
  for (const entry of journal) {
    if (serviceOf(entry) !== service) continue;
    if ('run' in entry) {
      latest = runs.get(entry.run) ?? nothingKnown(entry.run);
      runs.set(entry.run, latest);
    }
    if (latest === null) continue;
    latest.entries.push(entry);
    Object.assign(latest, factsOf(entry));
    if (entry.kind !== 'swapped') continue;
    const before = runs.get(entry.from);
    if (before !== undefined) before.replacedBy = entry.run;
  }
  const all = [...runs.values()];
  all.forEach((each, at) => {
    each.port = portBefore(each, all.slice(0, at));
  });
  return all;
}

function factsOf(entry: JournalEntry): Partial<RunFacts> {
  switch (entry.kind) {
    case 'run-started':
      return { startedAt: entry.at, cause: entry.cause };
    case 'run-ready':
      return { readyAfter: Math.round(entry.took) };
    case 'swapped':
      return { replaced: entry.from };
    case 'drained':
      return { drained: { requests: entry.requests, left: entry.left } };
    case 'run-ended':
      return {
        endedAt: entry.at,
        exit: entry.exit,
        endCause: entry.cause,
        lasted: Math.round(entry.lasted),
        error: entry.error ?? null,
      };
    case 'not-begun':
    case 'machine-down':
      return { endedAt: entry.at };
    case 'retry':
      return { retryIn: entry.delay };
    case 'parked':
      return { parked: entry.reason };
    default:
      return {};
  }
}

function nothingKnown(run: number): RunFacts {
  return {
    run,
    startedAt: null,
    cause: null,
    readyAfter: null,
    replaced: null,
    replacedBy: null,
    port: null,
    endCause: null,
    endedAt: null,
    exit: null,
    lasted: null,
    drained: null,
    error: null,
    retryIn: null,
    parked: null,
    entries: [],
  };
}

/** From the last run that served until this one was ready. A service that was stopped in between was meant to be closed. */
function portBefore(run: RunFacts, earlier: RunFacts[]): PortMeanwhile | null {
  if (run.replaced !== null) return { kind: 'served', atMost: 0 };
  const started = entryOf(run, 'run-started');
  const ready = entryOf(run, 'run-ready');
  const before = earlier.findLast(({ readyAfter }) => readyAfter !== null);
  if (started?.port === undefined || ready === undefined || before === undefined) return null;
  if (started.cause.kind === 'start' || started.cause.kind === 'boot') return null;
  const since = closedAt(before);
  if (since === null || since > ready.at) return null;
  const atMost = Math.round(ready.at - since);
  return { kind: started.port === 'held' ? 'waited' : 'closed', atMost };
}

/** Since when it certainly accepted nothing more: it may have closed its port as soon as it was asked to end. */
function closedAt(run: RunFacts): number | null {
  const ended = entryOf(run, 'run-ended');
  const drained = entryOf(run, 'drained');
  if (ended === undefined) return null;
  return drained === undefined ? ended.at - (ended.ending ?? 0) : drained.at - drained.took;
}

type Kind = JournalEntry['kind'];

export function entryOf<K extends Kind>(
  { entries }: RunFacts,
  kind: K,
): Extract<JournalEntry, { kind: K }> | undefined {
  return entries.find((entry): entry is Extract<JournalEntry, { kind: K }> => entry.kind === kind);
}

/** It ended and nobody had asked it to. */
export function endedByItself({ exit, endCause }: Pick<RunFacts, 'exit' | 'endCause'>): boolean {
  return exit !== null && endCause === null;
}
