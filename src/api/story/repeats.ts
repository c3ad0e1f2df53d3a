/** How often the same error came before. Pure. */
import type { Repeats } from '../../contract/api/history.ts';
import { endedByItself, type RunFacts } from './facts.ts';

/** Runs that are named. */
const MOST = 20;

/** `all`: of the service, oldest first. Null: it did not end by an error that is known. */
export function repeatsOf(run: RunFacts, all: readonly RunFacts[]): Repeats | null {
  const { error, endedAt } = run;
  if (error === null || endedAt === null) return null;
  const earlier = all.filter(
    (each) => each.run < run.run && endedByItself(each) && each.error?.id === error.id,
  );
  return {
    times: earlier.length + 1,
    since: earlier[0]?.endedAt ?? endedAt,
    runs: earlier.slice(-MOST).map((each) => each.run),
  };
}
