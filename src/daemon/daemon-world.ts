/** The world that the daemon's parts act on. */
import type { WorkspacePaths } from '../platform/paths.ts';
import type { Ports } from '../platform/ports.ts';
import type { Processes } from '../platform/proc.ts';
import type { RunEvents, Runs, RunsWorld } from '../process/runs.ts';
import type { Clock } from './clock.ts';
import type { familyOf } from './connects.ts';
import type { Kit } from './kit.ts';
import type { PortProbe } from './port-probe.ts';
import type { Unasked } from './standby/unasked.ts';

/** The runs of one service as processes. */
export type ServiceRuns = Pick<Runs, keyof Runs>;

export interface DaemonWorld {
  paths: WorkspacePaths;
  /** The workspace's mark (see workspaceId). */
  id: string;
  clock: Clock;
  processes: Processes;
  ports: Ports;
  /** The same tables, as they were up to a second ago: for those who look again and again. */
  recentPorts: Pick<Ports, 'listeners'>;
  portProbe: PortProbe;
  familyOf: typeof familyOf;
  openRuns(world: RunsWorld, events: RunEvents): ServiceRuns;
  /** The daemon's environment: that of the terminal which started it. */
  env: NodeJS.ProcessEnv;
  kit: Kit;
  /** Shared by all services. */
  unasked: Unasked;
  /** The program that reads a configuration (see config/print.ts). */
  configPrinter: string;
  /** A run of this service begins: what is on disk now is what it loads. */
  onLaunch(service: string, run: number, onTrial: boolean): void;
  /** This service is about to end the run that it has: what that run holds will be free. */
  isLeaving(service: string): boolean;
}
