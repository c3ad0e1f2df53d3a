/** What happened to a run, as sentences. Pure. */
import type { Drained, PortMeanwhile, Repeats } from '../../contract/api/history.ts';
import type { Times } from '../../contract/clock.ts';
import { duration } from '../../contract/duration.ts';
import { isSuccess } from '../../contract/exit.ts';
import type { ErrorMark, Exit } from '../../contract/facts.ts';
import { describeExit, explainCause } from '../../contract/words.ts';
import { happened } from '../happened.ts';
import { entryOf, type RunFacts } from './facts.ts';

/** Earlier runs that are named one by one; more are counted. */
const NAMED = 3;

/** "replaced run 6: engine/scoring.js changed", "started: asked for by …"; null: its start is not known. */
export function startWords({ cause, replaced }: RunFacts): string | null {
  if (cause === null) return null;
  return `${replaced === null ? 'started' : `replaced run ${replaced}`}: ${explainCause(cause)}.`;
}

/** "Ready in 212 ms, swapped at 14:02:12, 0 connections refused; run 6 ended cleanly." `before`: the run that it replaced. */
export function readyWords(run: RunFacts, before: RunFacts | undefined, times: Times): string {
  const from = entryOf(run, 'run-ready')?.standby === true ? ' from standby' : '';
  const ready = run.readyAfter === null ? 'Took over' : `Ready in ${duration(run.readyAfter)}${from}`;
  const swapped = entryOf(run, 'swapped');
  if (swapped === undefined) return `${ready}${run.port === null ? '' : `; ${portWords(run.port)}`}.`;
  const then = before === undefined ? '' : `; run ${before.run} ${afterwards(before)}`;
  return `${ready}, swapped at ${times.clock(swapped.at)}, 0 connections refused${then}.`;
}

function portWords({ kind, atMost }: PortMeanwhile): string {
  if (kind === 'closed') return `its port was closed for ${duration(atMost)} at most`;
  return `0 connections refused${atMost === 0 ? '' : `, they waited for ${duration(atMost)} at most`}`;
}

/** How a run went that another one had taken over from. */
export function afterwards(run: RunFacts): string {
  if (run.exit === null) return 'finishes what it was asked';
  return `${isKilled(run) ? 'did not end when it was asked to, and was killed' : cleanly(run.exit)}${drainWords(run.drained)}`;
}

function isKilled(run: RunFacts): boolean {
  return entryOf(run, 'killed') !== undefined;
}

/** It had been asked to end by a signal, so the end by a signal is one that was asked for. */
function cleanly(exit: Exit): string {
  const isClean = isSuccess(exit) || ('signal' in exit && exit.signal !== 'SIGKILL');
  return isClean ? 'ended cleanly' : `ended with ${describeExit(exit)}`;
}

/** " It answered 3 requests first." */
export function answeredWords(drained: Drained | null): string {
  const count = drained?.requests ?? 0;
  return count === 0 ? '' : ` It answered ${some(count, 'request')} first.`;
}

function drainWords(drained: Drained | null): string {
  if (drained === null) return '';
  const { requests, left } = drained;
  const answered = requests === null || requests === 0 ? '' : ` after answering ${some(requests, 'request')}`;
  return `${answered}${left === 0 ? '' : `, with ${some(left, 'connection')} still open`}`;
}

/** "The same error ended runs 3, 5 and 6." Null: it is the first. */
export function repeatWords({ times: count, since, runs }: Repeats, times: Times): string | null {
  if (count < 2) return null;
  if (count - 1 > NAMED)
    return `The same error for the ${ordinal(count)} time since ${times.dayAndTime(since)}.`;
  return `The same error ended run${runs.length === 1 ? '' : 's'} ${listed(runs)}.`;
}

/** "crashed 14 times between 13:20:04 and 13:24:11, each with exit 1: TypeError: boom (lib/x.js:2)". */
export function loopWords(runs: readonly RunFacts[], times: Times): string {
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return '';
  const longest = Math.max(...runs.map(({ lasted }) => lasted ?? 0));
  const error = last.error === null ? '' : `: ${errorWords(last.error)}`;
  const from = first.endedAt === null ? '' : times.dayAndTime(first.endedAt);
  const to = last.endedAt === null ? '' : times.dayAndTime(last.endedAt);
  const exit = last.exit === null ? 'an end of its own' : describeExit(last.exit);
  const began = first.cause === null ? '' : ` Run ${first.run} had started: ${explainCause(first.cause)}.`;
  const parked = entryOf(last, 'parked');
  const end = parked === undefined ? '' : ` Then it was ${happened(parked, last.exit)}.`;
  return `crashed ${runs.length} times between ${from} and ${to} (runs ${first.run} to ${last.run}), each with ${exit} within ${duration(longest)}${error}.${began}${end}`;
}

function errorWords({ type, message, file, line }: ErrorMark): string {
  const place = file === null ? '' : ` (${file}${line === null ? '' : `:${line}`})`;
  return `${type === null || type === message ? '' : `${type}: `}${message}${place}`;
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function listed(numbers: readonly number[]): string {
  const last = numbers.at(-1) ?? '';
  return numbers.length < 2 ? `${last}` : `${numbers.slice(0, -1).join(', ')} and ${last}`;
}

function ordinal(count: number): string {
  const isTeen = Math.floor(count / 10) % 10 === 1;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
