/** Runs that ended in the same way one after the other are told in one paragraph. Pure. */
import { describeExit } from '../../contract/words.ts';
import { endedByItself, type RunFacts } from './facts.ts';

/** Fewer are told one by one. */
const FEWEST = 3;

/** Oldest first: runs that are told together. One that is told alone is alone. */
export function paragraphs(runs: readonly RunFacts[]): RunFacts[][] {
  const found: RunFacts[][] = [];
  for (const run of runs) {
    const open = found.at(-1);
    const last = open?.at(-1);
    if (open !== undefined && last !== undefined && isAgain(last, run)) open.push(run);
    else found.push([run]);
  }
  return found.flatMap((group) => (group.length < FEWEST ? group.map((run) => [run]) : [group]));
}

/** It was started because the one before had ended, and ended as that one did. */
function isAgain(before: RunFacts, run: RunFacts): boolean {
  if (run.cause?.kind !== 'crash' || !endedByItself(before) || !endedByItself(run)) return false;
  return wayOf(before) === wayOf(run);
}

function wayOf({ exit, error }: RunFacts): string {
  return `${exit === null ? '' : describeExit(exit)} ${error?.id ?? ''}`;
}
