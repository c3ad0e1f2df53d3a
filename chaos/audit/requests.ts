/** Did a request fail that had no reason to? */
import type { Failure } from '../../test/rig/load.ts';
import type { World } from '../world.ts';

/** What a client sees whose server dies while it answers. */
const DIED = /ECONNRESET|socket hang up|EPIPE/;

export function auditRequests(world: World): string[] {
  const problems: string[] = [];
  for (const [service, load] of world.loads) {
    const failures = load.failures.splice(0);
    const excuses = world.model.excuses.filter((each) => each.service === service);
    const anything = excuses.some(({ most }) => most === null);
    const since = Math.min(...excuses.map(({ from }) => from));
    let left = excuses.reduce((sum, { most }) => sum + (most ?? 0), 0);
    const bad: Failure[] = [];
    for (const failure of failures) {
      const isExcused = failure.at >= since && (anything || (DIED.test(failure.what) && left-- > 0));
      if (isExcused) world.tally.died += 1;
      else bad.push(failure);
    }
    world.tally.failed += bad.length;
    if (bad.length > 0) {
      const first = bad.slice(0, 5).map(({ at, what, kept }) => `${what}${kept ? ' (kept)' : ''} at ${at}`);
      problems.push(`${service}: ${bad.length} requests failed without a reason: ${first.join(', ')}`);
    }
  }
  world.model.excuses.length = 0;
  return problems;
}
