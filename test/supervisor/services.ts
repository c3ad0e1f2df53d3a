/** Services for tests: a specification with little in it, and one service in each state. */
import type { Dependency, ResolvedService } from '../../src/contract/config.ts';
import type { Cause } from '../../src/contract/facts.ts';
import type { ServiceState } from '../../src/contract/service-state.ts';
import { newService, type Service } from '../../src/supervisor/state.ts';

export const GRACE = 5_000;
export const DRAIN = 3_000;
export const READY_TIMEOUT = 30_000;
export const BY_CLI: Cause = { kind: 'start', by: 'cli' };
export const STOP: Cause = { kind: 'stop', by: 'cli' };

export function specOf(name: string, changes: Partial<ResolvedService> = {}): ResolvedService {
  return {
    name,
    description: '',
    groups: [],
    command: { argv: ['node', 'server.js'] },
    cwd: '/',
    env: {},
    envFiles: [],
    ports: [],
    url: null,
    ready: { kind: 'started' },
    readyTimeout: READY_TIMEOUT,
    dependsOn: [],
    restart: { policy: 'always', delay: null, maxFailures: 5, window: 60_000 },
    mode: null,
    standby: false,
    stop: { signal: 'SIGTERM', grace: GRACE, drain: DRAIN },
    watch: { enabled: true, include: [], ignore: [], quiet: null, packages: false },
    logs: { maxSize: 10_000_000, keep: 3 },
    ...changes,
  };
}

export function dependsOn(service: string, changes: Partial<Dependency> = {}): Dependency {
  return { service, condition: 'ready', required: true, restart: false, ...changes };
}

/** Run 3 is the last one, and the live one where there is one; epoch 7; two failures so far. */
export function serviceIn(state: ServiceState, changes: Partial<Service> = {}): Service {
  return {
    ...newService(specOf('web'), 'swap'),
    wanted: state.kind !== 'stopped',
    state,
    epoch: 7,
    lastRun: 3,
    lastCause: BY_CLI,
    failures: [1, 2],
    attempt: 2,
    ...changes,
  };
}
