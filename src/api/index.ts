/** The contract, carried out in this process: commands go to the daemon, everything else is read from files. */
import { realpathSync } from 'node:fs';
import { currentReport } from '../client/current-report.ts';
import { currentConfig } from '../client/dist.ts';
import { type Client, createClient } from '../client/index.ts';
import { findWorkspace, selectable } from '../client/workspace.ts';
import type { ConfigReport } from '../contract/api/config.ts';
import type { EventBatch, EventsQuery } from '../contract/api/events.ts';
import type { JournalPage, JournalQuery, RunsPage, RunsQuery } from '../contract/api/history.ts';
import type { FileConcerns, LoadsOverview, ServiceLoads } from '../contract/api/loads.ts';
import type { LogsPage, LogsQuery } from '../contract/api/logs.ts';
import type { MetricsReport, UsageQuery, UsageReport } from '../contract/api/metrics.ts';
import type { WaitReport } from '../contract/api/wait.ts';
import type { ResolvedService } from '../contract/config.ts';
import { selectOne, selectServices } from '../contract/select.ts';
import { completed } from '../loads/explain.ts';
import { readJson } from '../platform/files.ts';
import { workspacePaths } from '../platform/paths.ts';
import { readReport } from '../status/report.ts';
import { eventStream } from './events/stream.ts';
import { concernedBy } from './graph/concerned.ts';
import { concernFacts, overviewFacts, serviceFacts } from './graph/facts.ts';
import { inWorkspace, realPath } from './graph/paths.ts';
import { unwatchedReads } from './graph/reads.ts';
import { readRuns, serviceNames } from './graph/runs.ts';
import { readJournal, serviceOf } from './journal.ts';
import { journalPage } from './journal-page.ts';
import { moment } from './log-request.ts';
import { logsPage } from './logs-page.ts';
import { runsPage } from './runs-page.ts';
import { createSampler } from './sampler.ts';
import { isPlain, search } from './search/index.ts';
import { withoutSecrets } from './secrets.ts';
import { USAGE_GAP, usageSince, usageWriter } from './usage-history.ts';
import { type WaitRequest, wait } from './wait.ts';

/** Every function throws UserError: an unknown name, a broken configuration, a daemon that does not start. */
export interface Connection extends Client {
  /** CPU and memory of the last ten minutes, as far as somebody followed `metrics` in this process. */
  metrics(): MetricsReport;
  /** CPU and memory of one service over the day, as far as somebody looked. */
  usage(service: string, query?: UsageQuery): UsageReport;
  config(): Promise<ConfigReport>;
  journal(query?: JournalQuery): JournalPage;
  /** `service`: the name of one. */
  runs(service: string, query?: RunsQuery): RunsPage;
  logs(query?: LogsQuery): LogsPage;
  /** The same, and nothing else waits for it: a `grep` that may be costly has a thread of its own, for 3 s at most. */
  searchLogs(query?: LogsQuery): Promise<LogsPage>;
  loads(): LoadsOverview;
  serviceLoads(service: string): Promise<ServiceLoads>;
  /** Waits until services are ready and run what is on disk, or have failed at it. */
  wait(request?: WaitRequest): Promise<WaitReport>;
  /** `file`: absolute, or relative to the workspace. */
  concerns(file: string): Promise<FileConcerns>;
  /** Follows what happens until the signal is aborted or the loop is left. Nothing is watched or kept otherwise. */
  events(query?: EventsQuery, signal?: AbortSignal): AsyncIterable<EventBatch>;
}

/** Of the workspace that `folder` lies in. `by`: who asks for starts and stops, as their causes tell it. */
export function connect(folder: string = process.cwd(), by?: string): Connection {
  const client = createClient(folder, by);
  const root = realpathSync(client.workspace);
  const paths = workspacePaths(root);
  const short = (path: string) => inWorkspace(root, path);
  const known = () => findWorkspace(root);
  const select = (selectors: string[] | undefined): string[] =>
    selectServices(selectors ?? [], selectable(known()));
  const one = (service: string): string => {
    const journal = new Set(readJournal(paths.journal).map(serviceOf));
    if (journal.has(service)) return service;
    return selectOne(service, selectable(known()), 'One service is asked for here.');
  };
  const sampler = createSampler(() => readReport(root), usageWriter(paths.usageHistory));
  const never = new AbortController().signal;

  return {
    ...client,
    metrics: () => sampler.report(),
    usage: (service, { since = '24h' } = {}) => {
      const name = one(service);
      const points = usageSince(paths.usageHistory, name, moment(since, 'since', Date.now()));
      return { service: name, gap: USAGE_GAP, points };
    },
    config: () => configReport(root),
    journal: (query = {}) => {
      const services = query.services?.length ? new Set(select(query.services)) : null;
      return journalPage(paths.journal, services, query, Date.now());
    },
    runs: (service, query = {}) =>
      runsPage(known(), readJournal(paths.journal), one(service), query, Date.now()),
    logs: (query = {}) =>
      logsPage({ root, logDir: known().logDir }, select(query.services), query, Date.now()),
    async searchLogs(query = {}) {
      const place = { root, logDir: known().logDir };
      const services = select(query.services);
      if (query.grep === undefined || isPlain(query.grep))
        return logsPage(place, services, query, Date.now());
      return search({ kind: 'page', place, services, query, now: Date.now() });
    },
    wait: (request = {}) => wait(root, request),
    loads: () => overviewFacts(root, readRuns(root, serviceNames(root)), short),
    async serviceLoads(service) {
      const [found] = readRuns(root, [one(service)]);
      if (found === undefined) throw new Error(`no run was read for ${service}`);
      const graph = found.loaded === null ? null : await completed(found.loaded);
      return serviceFacts(found, graph, await unwatchedReads(found), short);
    },
    async concerns(file) {
      const path = realPath(file, root);
      return concernFacts(short(path), await concernedBy(path, readRuns(root, serviceNames(root))), short);
    },
    events: (query = {}, signal = never) =>
      eventStream(
        { root, logDir: () => known().logDir, select, status: () => currentReport(root), sampler },
        query,
        signal,
      ),
  };
}

/** As it was applied last; as it is written, when no daemon has ever run. */
async function configReport(root: string): Promise<ConfigReport> {
  const applied = readJson(workspacePaths(root).config) as {
    file?: string;
    services?: ResolvedService[];
  } | null;
  const { file = '', services = [] } = Array.isArray(applied?.services) ? applied : await currentConfig(root);
  return { workspace: root, file, services: services.map(withoutSecrets) };
}
