import { defineCommand } from 'citty';
import type { ResolvedConfig } from '../../contract/config.ts';
import type { ServiceStatus, StatusReport } from '../../contract/status.ts';
import { systemProcesses } from '../../platform/proc.ts';
import { findDaemon } from '../daemon-record.ts';
import { configLoader } from '../dist.ts';
import { namesArg } from '../names-arg.ts';
import { renderStatus } from '../render/status.ts';
import { readReport } from '../status-report.ts';
import { terminalWidth } from '../terminal.ts';
import { findRoot } from '../workspace.ts';

export default defineCommand({
  meta: {
    name: 'status',
    description: 'show what runs, what does not, and why. Names, globs and groups narrow it down',
  },
  args: {
    names: namesArg,
    json: { type: 'boolean', description: 'print the facts as JSON' },
  },
  async run({ args }) {
    const report = await currentReport(findRoot());
    const shown = { ...report, services: await chosen(args._, report.services) };
    if (args.json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    else process.stdout.write(`${renderStatus(shown, Date.now(), terminalWidth())}\n`);
  },
});

/** The globbing library is loaded only for those who narrow it down. */
async function chosen(selectors: string[], services: ServiceStatus[]): Promise<ServiceStatus[]> {
  if (selectors.length === 0) return services;
  const { selectServices } = await import('../../contract/select.ts');
  const names = selectServices(selectors, services);
  return services.filter((service) => names.includes(service.name));
}

/** A daemon that was killed is brought back first, as by every command. */
async function currentReport(root: string): Promise<StatusReport> {
  const daemon = findDaemon(root, systemProcesses());
  if (daemon.kind === 'lost') await (await import('../client.ts')).ensureDaemon(root);
  const report = readReport(root);
  if (daemon.kind !== 'none' && report !== null) return report;
  const config = await configLoader().loadConfig(root);
  return withConfigured(report, config);
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
  notes: [],
};
