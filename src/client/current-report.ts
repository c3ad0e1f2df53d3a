/** The status of a workspace, with a daemon and without. */
import { existsSync } from 'node:fs';
import type { ResolvedConfig } from '../contract/config.ts';
import type { ServiceStatus, StatusReport } from '../contract/status.ts';
import { socketPath } from '../platform/paths.ts';
import { systemProcesses } from '../platform/proc.ts';
import { type Daemon, findDaemon } from '../status/find-daemon.ts';
import { readReport } from '../status/report.ts';
import { currentConfig } from './dist.ts';

/** A daemon that was killed is brought back first, as by every command. */
export async function currentReport(root: string): Promise<StatusReport> {
  const processes = systemProcesses();
  const found = findDaemon(root, processes);
  const soon = found.kind === 'running' ? readReport(root, processes, found) : null;
  if (soon !== null) return soon;
  const daemon = await settledDaemon(root, found);
  const report = readReport(root, processes, daemon);
  if (daemon.kind !== 'none' && report !== null) return report;
  const config = await currentConfig(root);
  return withConfigured(report, config);
}

/** The code that talks to it is loaded only when something is amiss. */
async function settledDaemon(root: string, found: Daemon): Promise<Daemon> {
  if (found.kind === 'none' && !existsSync(socketPath(root))) return found;
  const { ensureDaemon, knownDaemon, remind } = await import('./connection.ts');
  if (found.kind === 'none') return knownDaemon(root);
  if (found.kind === 'lost') await ensureDaemon(root);
  else await remind(found.record.socket);
  return findDaemon(root, systemProcesses());
}

/** Without a daemon the configuration says which services there are, and the last snapshot how they ended. */
function withConfigured(report: StatusReport | null, config: ResolvedConfig): StatusReport {
  const known = new Map(report?.services.map((service) => [service.name, service]));
  const services = config.services.map(
    (service): ServiceStatus => ({
      ...(known.get(service.name) ?? UNKNOWN),
      name: service.name,
      ports: service.ports,
      url: service.url,
      groups: service.groups,
      description: service.description,
      wanted: 'down',
    }),
  );
  return { workspace: config.workspace, daemon: null, services, notes: [] };
}

const UNKNOWN: Omit<ServiceStatus, 'name' | 'ports' | 'url' | 'groups' | 'description'> = {
  state: 'stopped',
  wanted: 'down',
  ready: false,
  pid: null,
  run: null,
  startedAt: null,
  restarts: 0,
  cpu: null,
  memory: null,
  cause: null,
  exit: null,
  reason: null,
  waitingFor: [],
  retryAt: null,
  configChanged: false,
  mode: 'plain',
  modeReason: null,
  unheld: null,
  editFailed: null,
  successor: null,
  draining: [],
  watching: { kind: 'off' },
  notes: [],
};
