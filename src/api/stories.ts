/** The journal of one service, as one story for each run. Pure. */
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { serviceOf } from './journal.ts';

/** Times are epoch ms, spans ms; null: it is not known, or did not happen. */
export interface RunStory {
  run: number;
  startedAt: number | null;
  cause: Cause | null;
  readyAfter: number | null;
  /** Why it ended; null: by itself, or it has not. */
  endCause: Cause | null;
  endedAt: number | null;
  exit: Exit | null;
  lasted: number | null;
  /** What followed: the delay before the next try, or why there is none. */
  retryIn: number | null;
  parked: ParkReason | null;
  /** All of it, oldest first. */
  entries: JournalEntry[];
}

/** Oldest first. What is told without a run (a retry, a parking) belongs to the run before it. */
export function runStories(journal: JournalEntry[], service: string): RunStory[] {
  const stories = new Map<number, RunStory>();
  let latest: RunStory | null = null;
  for (const entry of journal) {
    if (serviceOf(entry) !== service) continue;
    if ('run' in entry) {
      latest = stories.get(entry.run) ?? newStory(entry.run);
      stories.set(entry.run, latest);
    }
    if (latest === null) continue;
    latest.entries.push(entry);
    Object.assign(latest, factsOf(entry));
  }
  return [...stories.values()];
}

function factsOf(entry: JournalEntry): Partial<RunStory> {
  switch (entry.kind) {
    case 'run-started':
      return { startedAt: entry.at, cause: entry.cause };
    case 'run-ready':
      return { readyAfter: Math.round(entry.took) };
    case 'run-ended':
      return { endedAt: entry.at, exit: entry.exit, endCause: entry.cause, lasted: Math.round(entry.lasted) };
    case 'retry':
      return { retryIn: entry.delay };
    case 'parked':
      return { parked: entry.reason };
    default:
      return {};
  }
}

function newStory(run: number): RunStory {
  return {
    run,
    startedAt: null,
    cause: null,
    readyAfter: null,
    endCause: null,
    endedAt: null,
    exit: null,
    lasted: null,
    retryIn: null,
    parked: null,
    entries: [],
  };
}

/** It ended and nobody had asked it to. */
export function endedByItself({ exit, endCause }: RunStory): boolean {
  return exit !== null && endCause === null;
}
