/** Waits until services run what is on disk, or have failed at it. */
import { existsSync } from 'node:fs';
import { followWait } from '../client/index.ts';
import { findWorkspace } from '../client/workspace.ts';
import type { WaitedService, WaitReport } from '../contract/api/wait.ts';
import { duration } from '../contract/duration.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Outcome, Progress } from '../contract/protocol.ts';
import { selectServices } from '../contract/select.ts';
import type { ServiceStatus } from '../contract/status.ts';
import { wasNotBegun } from '../contract/words.ts';
import { plain } from '../logs/query.ts';
import { monotonic } from '../platform/monotonic.ts';
import { readReport } from '../status/report.ts';
import { errorExcerpt } from './excerpt.ts';
import { concernedBy } from './graph/concerned.ts';
import { harmless, inWorkspace, realPath } from './graph/paths.ts';
import { readRuns, serviceNames } from './graph/runs.ts';
import { lastWordsOf } from './last-words.ts';
import { problemIn } from './problem.ts';

export interface WaitRequest {
  /** Names, globs, groups; none: all that are wanted. */
  services?: string[];
  /** The files of the edit, absolute or relative to the workspace; none: whatever has changed. */
  files?: string[];
  /** ms; without it as long as it takes. */
  timeout?: number;
  onProgress?: (progress: Progress) => void;
  /** Aborted: rejects with its reason. */
  signal?: AbortSignal;
}

const LAST_LINES = 8;
const UNKNOWN = 'By then it was not known whether what runs is what was saved.';

/** `root`: real path of the workspace. Throws UserError: an unknown service, a file that nobody knows. */
export async function wait(root: string, request: WaitRequest): Promise<WaitReport> {
  const { services = [], files = [], timeout } = request;
  const began = monotonic();
  const paths = files.map((file) => realPath(file, root));
  const latest = new Map<string, Progress>();
  const enough = new AbortController();
  const timer = timeout === undefined ? undefined : setTimeout(() => enough.abort(), timeout);
  const onAbort = () => enough.abort();
  request.signal?.addEventListener('abort', onAbort);
  if (request.signal?.aborted) enough.abort();
  const report = (outcome: WaitReport['outcome'], waited: WaitedService[], notes: string[]): WaitReport => ({
    outcome,
    files: paths.map((path) => inWorkspace(root, path)),
    took: Math.round(monotonic() - began),
    services: waited,
    notes,
  });
  try {
    const onProgress = (progress: Progress) => {
      latest.set(progress.service, progress);
      request.onProgress?.(progress);
    };
    const outcomes = await followWait(root, services, { files: paths, onProgress, signal: enough.signal });
    const status = statusOf(root);
    if (outcomes === null && (services.length > 0 || files.length === 0)) throw nothingRuns();
    if (outcomes === null || outcomes.length === 0)
      return report('nobody', [], await whyNobody(root, files, paths, outcomes === null));
    const waited = outcomes.map((each) => tell(each, status.get(each.service), root));
    return report(waited.every(({ ok }) => ok) ? 'ready' : 'failed', waited, []);
  } catch (error) {
    if (request.signal?.aborted || !enough.signal.aborted) throw error;
    const late = latecomers(root, services, latest, timeout ?? 0);
    return report('timeout', late, late.every(({ ok }) => ok) ? [UNKNOWN] : []);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  }
}

function statusOf(root: string): Map<string, ServiceStatus> {
  return new Map(readReport(root)?.services.map((each) => [each.name, each]));
}

function tell(outcome: Outcome, status: ServiceStatus | undefined, root: string): WaitedService {
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

function wordsOf(lastLines: string[], root: string): Pick<WaitedService, 'problem' | 'lastLines'> {
  return {
    problem: problemIn(lastLines, root),
    lastLines: errorExcerpt(lastLines, LAST_LINES).map(plain),
  };
}

/** Those of which the daemon told; and what is on its way, if the time was too short for it to tell. */
function latecomers(
  root: string,
  selectors: string[],
  latest: Map<string, Progress>,
  timeout: number,
): WaitedService[] {
  const status = statusOf(root);
  const { logDir } = findWorkspace(root);
  const chosen = new Set(selectServices(selectors, [...status.values()]));
  const others = [...status.values()].filter(
    ({ name, wanted, state }) =>
      chosen.has(name) && !latest.has(name) && wanted === 'up' && state !== 'ready',
  );
  const told = [
    ...latest.values(),
    ...others.map(({ name, state, run, pid }) => ({
      service: name,
      state,
      run: pid === null ? null : run,
      detail: '',
    })),
  ];
  return told.map((each) => late(each, status.get(each.service), timeout, { root, logDir }));
}

function late(
  { service, state, run, detail }: Pick<Progress, 'service' | 'state' | 'run' | 'detail'>,
  status: ServiceStatus | undefined,
  timeout: number,
  place: { root: string; logDir: string },
): WaitedService {
  const ok = state === 'ready';
  // What waits for others has none, and what its run before had printed explains nothing.
  const begun = run ?? (state === 'starting' ? null : (status?.run ?? null));
  const lastLines = ok || begun === null ? [] : (lastWordsOf(place, service, [begun]).get(begun) ?? []);
  const words = `is ${state} after ${duration(timeout)}${detail === '' ? '' : `: ${detail}`}`;
  return {
    service,
    ok,
    state,
    run: begun === null ? null : (status?.run ?? null),
    cause: status?.cause ?? null,
    url: status?.url ?? null,
    message: ok ? null : words,
    ...wordsOf(lastLines, place.root),
  };
}

function nothingRuns(): UserError {
  return new UserError(
    ExitCode.failed,
    'Nothing runs here, so there is nothing to wait for.',
    '"upkeep start" starts the services.',
  );
}

function noSuchFile(typed: string): UserError {
  return new UserError(
    ExitCode.usage,
    `There is no file ${harmless(typed)}, and no service asked for it.`,
    'A relative path begins at the folder that you are in.',
  );
}

/** Throws UserError for a file that does not exist: most likely it is misspelled. */
async function whyNobody(root: string, typed: string[], paths: string[], isDown: boolean): Promise<string[]> {
  if (isDown) {
    const missing = paths.findIndex((path) => !existsSync(path));
    if (missing !== -1) throw noSuchFile(typed[missing] ?? '');
    return ['Nothing runs here: "upkeep start" starts the services.'];
  }
  if (paths.length === 0) return ['No service is started: "upkeep start" starts them.'];
  const runs = readRuns(root, serviceNames(root));
  const notes: string[] = [];
  for (const [number, path] of paths.entries()) {
    const { concerns, readBy, unsure } = await concernedBy(path, runs);
    if (concerns.length === 0 && readBy.length === 0 && !existsSync(path))
      throw noSuchFile(typed[number] ?? path);
    const ignoring = concerns.filter(({ ignored }) => ignored).map(({ service }) => service);
    if (ignoring.length > 0) notes.push(`${ignoring.join(', ')}: leaves it out by its \`watch\``);
    const idle = concerns
      .filter(({ effect, ignored }) => effect === 'nothing' && !ignored)
      .map(({ service }) => service);
    if (idle.length > 0) notes.push(`${idle.join(', ')}: would use it, but is stopped or not watched`);
    if (readBy.length > 0) notes.push(`${readBy.join(', ')}: read it at run time, which restarts nothing`);
    for (const { service, alive, exactness } of unsure)
      if (alive && exactness.kind !== 'exact') notes.push(`${service}: ${unsureWords(exactness)}`);
  }
  return [...new Set(notes)];
}

function unsureWords(exactness: { kind: string; reason?: string }): string {
  if (exactness.kind === 'own-reload') return 'takes care of edits itself';
  if (exactness.kind === 'not-yet') return 'has not yet told what it loads';
  if (exactness.kind === 'off') return 'is not watched (watch: false)';
  return `its edits are not followed exactly: ${exactness.reason ?? ''}`;
}
