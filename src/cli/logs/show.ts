/** Carries out `upkeep logs`. */
import { chosenLines, openHistories } from '../../api/chosen-lines.ts';
import { errorSieve } from '../../api/errors.ts';
import { selectServices } from '../../contract/select.ts';
import { cutToWholeLines, followLog } from '../../logs/follow-log.ts';
import type { History } from '../../logs/history.ts';
import { loggedServices, visibleLog } from '../../logs/layout.ts';
import type { LogLine } from '../../logs/lines.ts';
import { type Workspace as LogPlace, lineTest, mergeByTime } from '../../logs/query.ts';
import { refuseStranger } from '../../platform/readable.ts';
import { logFacts, logTable } from './list.ts';
import { followNews } from './news.ts';
import { lineRenderer } from './render.ts';
import type { LogsRequest } from './request.ts';
import { untilEnded } from './run-end.ts';
import type { Screen } from './screen.ts';

export interface Workspace extends LogPlace {
  /** Services that are known, whether they have printed or not. */
  serviceNames: string[];
  groups: Map<string, string[]>;
}

/** Characters that are written at once. */
const BATCH = 64 * 1024;

const NOTHING = 'No service has printed anything yet.';

/**
 * Shows what was asked for. Resolves at its end, or when the reader is gone; a follow has no other end, unless it is of
 * one run.
 * Throws UserError (usage) for an unknown name.
 */
export async function showLogs(
  request: LogsRequest,
  workspace: Workspace,
  screen: Screen,
  { cwd, now }: { cwd: string; now: number },
): Promise<void> {
  refuseStranger(workspace.logDir);
  const names = [...new Set([...workspace.serviceNames, ...loggedServices(workspace.logDir)])];
  if (request.lists) return list(request, workspace, names, screen, { cwd, now });
  if (names.length === 0) return screen.note(NOTHING);
  const services = selectServices(
    request.names,
    names.map((name) => ({ name, groups: workspace.groups.get(name) ?? [] })),
  );
  for (const service of services) refuseStranger(visibleLog(workspace.logDir, service));
  const histories = openHistories(workspace, services, request.sinceEdit);
  const render = lineRenderer({ ...request, colour: screen.colour, services });
  try {
    noteSilent(services, histories, request.follow, screen);
    if (request.follow) await follow(request, workspace, services, histories, render, screen);
    else await print(request, services, histories, render, screen);
  } finally {
    for (const history of histories) history.close();
  }
}

async function list(
  request: LogsRequest,
  { logDir }: Workspace,
  names: string[],
  screen: Screen,
  { cwd, now }: { cwd: string; now: number },
): Promise<void> {
  const facts = logFacts(logDir, names);
  if (request.json) return screen.write(`${JSON.stringify(facts, null, 2)}\n`);
  if (facts.length === 0) return screen.note(NOTHING);
  return screen.write(logTable(facts, now, cwd));
}

function noteSilent(services: string[], histories: History[], waits: boolean, screen: Screen): void {
  for (const [number, service] of services.entries()) {
    const history = histories[number] as History;
    if (history.visible.length + history.pending.length > 0) continue;
    const what = history.wasRemoved
      ? 'has printed nothing since its log was removed'
      : 'has not printed anything yet';
    screen.note(`${service} ${what}.${waits ? ' Waiting for it.' : ''}`);
  }
}

function noteToCome(run: number, services: string[], histories: History[], screen: Screen): void {
  for (const [number, service] of services.entries()) {
    const last = histories[number]?.lastRun ?? null;
    if (last === null || last >= run) continue;
    screen.note(`The last run of ${service} is ${last}. Waiting for run ${run}.`);
  }
}

async function print(
  request: LogsRequest,
  services: string[],
  histories: History[],
  render: (line: LogLine) => string,
  screen: Screen,
): Promise<void> {
  const streams = services.map((service, number) =>
    chosenLines(request, service, histories[number] as History),
  );
  let batch = '';
  let none = true;
  for (const line of mergeByTime(streams)) {
    none = false;
    batch += render(line);
    if (batch.length < BATCH) continue;
    await screen.write(batch);
    batch = '';
    if (screen.isClosed()) return;
  }
  if (batch !== '') await screen.write(batch);
  const printed = histories.some((history) => history.visible.length + history.pending.length > 0);
  if (none && printed && !request.follow && request.count !== 0) screen.note(emptyNote(request, services));
}

function emptyNote({ filter, errors, sinceEdit }: LogsRequest, services: string[]): string {
  const whose = services.join(', ');
  if (errors) return `No error of ${whose} is kept${filter.run === undefined ? '' : ' of that'}.`;
  if (sinceEdit) return `Nothing that ${whose} printed since the last edit matches.`;
  if (filter.run === 'last') return `The last run of ${whose} has not printed anything that matches.`;
  if (filter.run !== undefined)
    return `Nothing that run ${filter.run} of ${whose} printed is kept or matches.`;
  return `Nothing that ${whose} printed matches.`;
}

async function follow(
  request: LogsRequest,
  workspace: Workspace,
  services: string[],
  histories: History[],
  render: (line: LogLine) => string,
  screen: Screen,
): Promise<void> {
  const shown = histories.map(cutToWholeLines);
  await print(request, services, histories, render, screen);
  if (screen.isClosed()) return;
  const undos = services.map((service, number) => {
    const history = histories[number] as History;
    const passes = lineTest(request.filter, history.lastRun);
    const sieve = request.errors ? errorSieve() : null;
    return followLog(workspace, service, history, shown[number] ?? new Map(), (lines) => {
      const passed = lines.filter(passes);
      const text = (sieve === null ? passed : passed.flatMap(sieve.push)).map(render).join('');
      if (text !== '') void screen.write(text);
    });
  });
  if (!request.json) undos.push(followNews(workspace.root, services, screen.colour, screen.note));
  const { run } = request.filter;
  const end = typeof run === 'number' ? untilEnded(workspace, services, run) : null;
  if (typeof run === 'number') noteToCome(run, services, histories, screen);
  await Promise.race(end === null ? [screen.closed] : [screen.closed, end.over]);
  for (const undo of undos) undo();
  end?.undo();
  if (end !== null && !screen.isClosed())
    screen.note(`Run ${run} of ${services.join(', ')} has ended: nothing more comes.`);
}
