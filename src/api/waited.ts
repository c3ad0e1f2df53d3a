/** What waiting has come to, service by service: as the daemon told it, or as it stood when time was up. */
import { findWorkspace } from '../client/workspace.ts';
import type { WaitedService } from '../contract/api/wait.ts';
import { duration } from '../contract/duration.ts';
import { isSuccess } from '../contract/exit.ts';
import type { Outcome, Progress } from '../contract/protocol.ts';
import { selectServices } from '../contract/select.ts';
import type { ServiceStatus } from '../contract/status.ts';
import { describeReason, wasNotBegun } from '../contract/words.ts';
import { plain } from '../logs/query.ts';
import { readReport } from '../status/report.ts';
import { errorExcerpt } from './excerpt.ts';
import { lastWordsOf } from './last-words.ts';
import { problemIn } from './problem.ts';

const LAST_LINES = 8;

type Standing = Pick<Progress, 'service' | 'state' | 'run' | 'detail' | 'exit' | 'reason' | 'unsure'>;

export function asTold(outcomes: Outcome[], root: string): WaitedService[] {
  const status = statusOf(root);
  return outcomes.map((each) => told(each, status.get(each.service), root));
}

/** Notes of those that have come to nothing yet. `files`: of the edit; none: not asked for. */
export function undecided(standings: Standing[], files: string[]): string[] {
  if (files.length === 0) return [];
  const ask = `so it is not known whether it uses ${files.join(' or ')}`;
  return standings
    .filter(isOnItsWay)
    .map(({ service, state, unsure }) =>
      unsure === true ? `${service} is still ${state}, ${ask}` : `${service} is still ${state}`,
    );
}

/**
 * Those of which the daemon told; and what is on its way, if the time was too short for it to tell. With files: only
 * those that the files concern, for all that is known; of the others, notes. `timeout`: ms.
 */
export function latecomers(
  { root, selectors, files }: { root: string; selectors: string[]; files: string[] },
  latest: Map<string, Progress>,
  timeout: number,
): { late: WaitedService[]; notes: string[] } {
  const status = statusOf(root);
  const { logDir } = findWorkspace(root);
  const chosen = new Set(selectServices(selectors, [...status.values()]));
  const untold = [...status.values()]
    .filter(
      ({ name, wanted, state }) =>
        chosen.has(name) && !latest.has(name) && wanted === 'up' && state !== 'ready',
    )
    .map(
      ({ name, state, run, pid, exit, reason }): Standing => ({
        service: name,
        state,
        run: pid === null ? null : run,
        detail: reason === null ? '' : describeReason(reason, exit),
        exit,
        reason,
        unsure: files.length > 0,
      }),
    );
  const all: Standing[] = [...latest.values(), ...untold];
  const place = { root, logDir };
  return {
    late: all
      .filter(({ unsure }) => unsure !== true)
      .map((each) => late(each, status.get(each.service), timeout, place)),
    notes: undecided(
      all.filter(({ unsure }) => unsure === true),
      files,
    ),
  };
}

function statusOf(root: string): Map<string, ServiceStatus> {
  return new Map(readReport(root)?.services.map((each) => [each.name, each]));
}

function told(outcome: Outcome, status: ServiceStatus | undefined, root: string): WaitedService {
  const { service, ok, state, url, message, reason, lastLines } = outcome;
  const failed = ok ? null : (status?.editFailed ?? null);
  return {
    service,
    ok,
    state,
    run: wasNotBegun(reason, lastLines) ? null : (status?.run ?? null),
    cause: failed?.cause ?? status?.cause ?? null,
    url,
    message,
    ...wordsOf(ok ? [] : lastLines, root),
  };
}

function late(
  { service, state, run, detail, exit, reason }: Standing,
  status: ServiceStatus | undefined,
  timeout: number,
  place: { root: string; logDir: string },
): WaitedService {
  const failed = state === 'ready' ? (status?.editFailed ?? null) : null;
  const endedWell = state === 'exited' && isSuccess(exit);
  const ok = (state === 'ready' && failed === null) || endedWell;
  // What waits for others has none, and what its run before had printed explains nothing.
  const begun = run ?? (state === 'starting' ? null : (status?.run ?? null));
  const speaker = failed?.run ?? begun;
  const lastLines = ok || speaker === null ? [] : (lastWordsOf(place, service, [speaker]).get(speaker) ?? []);
  const hasRun = begun !== null && !wasNotBegun(reason ?? undefined, lastLines);
  const after = `is ${state} after ${duration(timeout)}${detail === '' ? '' : `: ${detail}`}`;
  const words = failed === null ? after : `${failed.message}; run ${status?.run} goes on`;
  return {
    service,
    ok,
    state,
    run: hasRun ? (status?.run ?? null) : null,
    cause: failed?.cause ?? status?.cause ?? null,
    url: status?.url ?? null,
    // It was parked before time was up.
    message: ok ? null : state === 'crashed' ? detail : words,
    ...wordsOf(lastLines, place.root),
  };
}

function isOnItsWay({ state }: Standing): boolean {
  return state === 'starting' || state === 'stopping';
}

function wordsOf(lastLines: string[], root: string): Pick<WaitedService, 'problem' | 'lastLines'> {
  return {
    problem: problemIn(lastLines, root),
    lastLines: errorExcerpt(lastLines, LAST_LINES).map(plain),
  };
}
