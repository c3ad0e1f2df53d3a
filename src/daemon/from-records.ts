/**
 * What a service was doing of which no snapshot tells: its runs that have not ended do. With two of them it was in the
 * middle of a swap, on either side of it.
 */
import { NO_SWAP, NOT_HELD, type Retiring, type ServiceState } from '../contract/service-state.ts';
import { type RunRecord, recordedRuns, runFolder } from '../process/run-folder.ts';
import type { Service } from '../supervisor/state.ts';

/** Runs of this boot whose end nobody has written down, the oldest first. */
export function openRuns(runs: string, service: string, boot: string): RunRecord[] {
  return recordedRuns(runs, service).flatMap((run) => {
    const record = runFolder(runs, service, run).load();
    return record !== null && record.boot === boot && record.exit === null ? [record] : [];
  });
}

/** The newest serves, or is to follow the one before it; what is older was to end. */
export function fromRecords(service: Service, open: readonly RunRecord[], now: number): Service {
  const newest = open.at(-1);
  if (newest === undefined) return service;
  const serving = (newest.gate === 'wait' && open.slice(0, -1).findLast(isReady)) || newest;
  const retiring = open
    .filter(({ run }) => run < serving.run)
    .map(
      ({ run, trial = false }): Retiring => ({
        run,
        since: now,
        end: serving.cause,
        how: trial ? 'discard' : 'drain',
        untold: trial,
      }),
    );
  return { ...service, state: stateOf(serving, now), retiring };
}

/** A run as its record alone tells of it. */
export function stateOf({ run, cause, readyAt }: RunRecord, now: number): ServiceState {
  return readyAt === null
    ? { kind: 'starting', run, cause, since: now, late: null, ...NOT_HELD }
    : { kind: 'ready', run, cause, since: now, readyAt: now, ...NO_SWAP };
}

function isReady({ readyAt, trial }: RunRecord): boolean {
  return readyAt !== null && trial !== true;
}
