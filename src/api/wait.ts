/** Waits until services run what is on disk, or have failed at it. */
import { existsSync } from 'node:fs';
import { followWait } from '../client/index.ts';
import type { WaitedService, WaitReport } from '../contract/api/wait.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Progress } from '../contract/protocol.ts';
import { monotonic } from '../platform/monotonic.ts';
import { concernedBy } from './graph/concerned.ts';
import { harmless, inWorkspace, realPath } from './graph/paths.ts';
import { readRuns, serviceNames } from './graph/runs.ts';
import { asTold, latecomers, undecided } from './waited.ts';

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

const UNKNOWN = 'By then it was not known whether what runs is what was saved.';

/** `root`: real path of the workspace. Throws UserError: an unknown service, a file that nobody knows. */
export async function wait(root: string, request: WaitRequest): Promise<WaitReport> {
  const { services = [], files = [], timeout } = request;
  const began = monotonic();
  const paths = files.map((file) => realPath(file, root));
  const named = paths.map((path) => inWorkspace(root, path));
  const latest = new Map<string, Progress>();
  const enough = new AbortController();
  const timer = timeout === undefined ? undefined : setTimeout(() => enough.abort(), timeout);
  const onAbort = () => enough.abort();
  request.signal?.addEventListener('abort', onAbort);
  if (request.signal?.aborted) enough.abort();
  const report = (outcome: WaitReport['outcome'], waited: WaitedService[], notes: string[]): WaitReport => ({
    outcome,
    files: named,
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
    if (outcomes === null && (services.length > 0 || files.length === 0)) throw nothingRuns();
    if (outcomes === null || outcomes.length === 0)
      return report('nobody', [], await whyNobody(root, files, paths, outcomes === null));
    const waited = asTold(outcomes, root);
    const known = new Set(outcomes.map(({ service }) => service));
    const others = [...latest.values()].filter(({ service }) => !known.has(service));
    const notes = undecided(others, named);
    return report(waited.every(({ ok }) => ok) ? 'ready' : 'failed', waited, notes);
  } catch (error) {
    if (request.signal?.aborted || !enough.signal.aborted) throw error;
    const { late, notes } = latecomers({ root, selectors: services, files: named }, latest, timeout ?? 0);
    const isUnknown = notes.length === 0 && late.every(({ ok }) => ok);
    return report('timeout', late, isUnknown ? [UNKNOWN] : notes);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  }
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
