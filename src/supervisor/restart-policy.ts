/**
 * When a run that ended by itself is started again: at once after a healthy run, ever later after
 * failed ones, not at all after too many. (DESIGN: from s6, systemd, OTP.)
 */
import type { ResolvedService } from '../contract/config.ts';
import { isSuccess } from '../contract/exit.ts';
import type { Exit } from '../contract/facts.ts';

/** A run that was ready for this long is restarted at once. */
const HEALTHY_MS = 1_000;
/** A run that was ready for this long clears the backoff. */
const STEADY_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface History {
  failures: readonly number[];
  attempt: number;
}

export type Verdict =
  | { kind: 'rest' }
  | { kind: 'park'; count: number; history: History }
  | { kind: 'restart'; delay: number; history: History };

/** `readyFor`: how long the run had been ready, in ms; null when it never was. */
export function afterExit(
  policy: ResolvedService['restart'],
  exit: Exit,
  readyFor: number | null,
  now: number,
  history: History,
): Verdict {
  if (policy.policy === 'never' || (policy.policy === 'on-failure' && isSuccess(exit)))
    return { kind: 'rest' };
  const failures = [...history.failures.filter((time) => now - time < policy.window), now];
  if (failures.length >= policy.maxFailures) {
    return { kind: 'park', count: failures.length, history: { failures, attempt: history.attempt } };
  }
  const attempt = readyFor !== null && readyFor >= STEADY_MS ? 0 : history.attempt;
  const healthy = readyFor !== null && readyFor >= HEALTHY_MS;
  const delay = policy.delay ?? (healthy ? 0 : Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS));
  return { kind: 'restart', delay, history: { failures, attempt: healthy ? attempt : attempt + 1 } };
}
