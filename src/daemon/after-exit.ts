/** What the last words of a run say of why it ended. */
import type { ResolvedService } from '../contract/config.ts';
import { isSuccess } from '../contract/exit.ts';
import type { ErrorMark, Exit, ParkReason } from '../contract/facts.ts';
import { markIn, mayBeOfError } from '../problem/mark.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { portTakenBy } from './port-owner.ts';
import { standsAlone } from './seamless/alone.ts';
import { isUnfit } from './seamless/unfit.ts';
import type { ServiceRun } from './service-run.ts';

/**
 * A run without a declared port counts as ready before it has come to listen, behind a package manager long before,
 * and some servers end with 0 all the same: up to this age, in ms, a port that it names was in its way.
 */
const EARLY_MS = 10_000;

export interface Explanation {
  /** Who has a port that it wanted; null: it does not say so. */
  portTaken: ParkReason | null;
  /** It does not stand a second run beside it. */
  aloneOnly: boolean;
  /** It listens by itself where a socket was handed to it, which was in its way. */
  unfit: boolean;
  error?: ErrorMark;
}

/** Its end is recorded already. */
export function explainExit(
  run: ServiceRun | undefined,
  exit: Exit,
  spec: ResolvedService,
  { ports, processes, clock, paths }: DaemonWorld,
): Explanation {
  const failedToStart = run?.record?.readyAt === null && !isSuccess(exit);
  const words = failedToStart ? run.lastWords : [];
  const lasted = clock.wall() - (run?.record?.startedAt ?? 0);
  // A declared port that is taken is told as such, or is held for it.
  const own = [...spec.ports, ...(run?.held?.record.ports ?? [])];
  const error = run !== undefined && mayBeOfError(exit) ? markIn(run.lastWords, paths.root) : undefined;
  const handed = run?.held?.record.way === 'listen-fds' ? run.held.record.ports : [];
  const unfit = handed.length > 0 && isUnfit(words, handed);
  // A run that ended as one that is content, where that will do, or that has lived a while, speaks of something else.
  const fellEarly = lasted <= EARLY_MS && (!isSuccess(exit) || spec.restart.policy === 'always');
  const mayBeTaken = (port: number) => failedToStart || (fellEarly && !own.includes(port));
  return {
    portTaken: unfit ? null : portTakenBy(run?.lastWords ?? [], mayBeTaken, ports, processes),
    unfit,
    aloneOnly: standsAlone(words, lasted, own),
    ...(error !== undefined && { error }),
  };
}
