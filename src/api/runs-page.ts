/** The runs of a service, newest first, each with its story and why it failed. */
import { realpathSync } from 'node:fs';
import type { CrashLoop, Run, RunsPage, RunsQuery } from '../contract/api/history.ts';
import type { Problem } from '../contract/api/problem.ts';
import { type Times, timesAt } from '../contract/clock.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { plain } from '../logs/query.ts';
import { lastWordsOf } from './last-words.ts';
import { problemIn } from './problem.ts';
import { endedByItself, type RunFacts, runFacts } from './story/facts.ts';
import { paragraphs } from './story/loops.ts';
import { repeatsOf } from './story/repeats.ts';
import { tellRun } from './story/tell.ts';
import { loopWords } from './story/words.ts';

const MOST_OF_A_LOOP = 50;

/** `now`: epoch ms. */
export function runsPage(
  place: { root: string; logDir: string },
  journal: JournalEntry[],
  service: string,
  { limit, before, run, tz }: RunsQuery,
  now: number,
): RunsPage {
  const all = runFacts(journal, service);
  const asked = all
    .filter((each) => each.run < Number(before ?? Number.POSITIVE_INFINITY))
    .filter((each) => run === undefined || each.run === Number(run));
  const told = paragraphs(asked).slice(-Number(limit ?? 20));
  const shown = told.flatMap((group) => group.slice(-MOST_OF_A_LOOP)).reverse();
  const words = lastWordsOf(
    place,
    service,
    shown.filter(endedByItself).map((each) => each.run),
  );
  const root = realpathSync(place.root);
  const times = timesAt(now, tz);
  return {
    service,
    runs: shown.map((each) =>
      runOf(each, all, words.get(each.run) ?? [], (lines) => problemIn(lines, root), times),
    ),
    loops: told
      .filter((group) => group.length > 1)
      .map((group) => loopOf(group, times))
      .reverse(),
    more: told.flat().length < asked.length,
  };
}

/** `problemOf`: the error that these lines tell of. */
export function runOf(
  facts: RunFacts,
  all: readonly RunFacts[],
  lastLines: string[],
  problemOf: (lines: string[]) => Problem | null,
  times: Times,
): Run {
  return {
    ...facts,
    repeats: repeatsOf(facts, all),
    story: tellRun(facts, all, times),
    lastLines: lastLines.map(plain),
    problem: lastLines.length === 0 ? null : problemOf(lastLines),
  };
}

/** Of two runs or more. */
export function loopOf(runs: readonly RunFacts[], times: Times): CrashLoop {
  const first = runs[0] as RunFacts;
  const last = runs.at(-1) as RunFacts;
  return {
    first: first.run,
    last: last.run,
    count: runs.length,
    from: first.endedAt ?? 0,
    to: last.endedAt ?? 0,
    exit: last.exit,
    error: last.error,
    text: loopWords(runs, times),
  };
}
