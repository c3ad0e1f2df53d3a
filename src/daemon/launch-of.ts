/** What a run is started with: its command, and what it finds in its environment besides the daemon's own. */
import { readServiceEnv } from '../config/env.ts';
import type { ResolvedService } from '../contract/config.ts';
import type { GateSetting } from '../contract/sockets.ts';
import { errorMessage } from '../platform/files.ts';
import type { HeldRecord } from '../process/held-record.ts';
import type { Launch } from '../process/launch-script.ts';
import { type Hooks, hookEnvironment } from './exact/hooks.ts';
import { tellOfSockets } from './seamless/wish.ts';

/** What is this run's alone. */
export interface Place {
  /** What UPKEEP_RUN says. */
  run: string;
  /** Absolute path of its report. */
  report: string;
  /** What is held for it, and where it is to make its control socket; null: nothing is. */
  sockets: { held: HeldRecord; control: string; gate: GateSetting } | null;
}

/** `inherited`: the daemon's environment. Throws UserError for an env file that cannot be read. */
export function launchOf(
  spec: ResolvedService,
  inherited: NodeJS.ProcessEnv,
  hooks: Hooks,
  { run, report, sockets }: Place,
): Launch {
  const own = readServiceEnv(spec);
  const told = sockets === null ? null : tellOfSockets(sockets.held, sockets.control, sockets.gate);
  const hooked =
    spec.watch.enabled || spec.standby === true || told !== null
      ? hookEnvironment(hooks, { ...inherited, ...own }, report, spec.command)
      : {};
  const env = { ...own, ...hooked, ...told?.env, UPKEEP_RUN: run };
  return { command: spec.command, cwd: spec.cwd, env, before: told?.before ?? [] };
}

/** Why a service could not be launched now, in words; null: nothing is known that is in its way. */
export function obstacleTo(spec: ResolvedService): string | null {
  try {
    readServiceEnv(spec);
    return null;
  } catch (error) {
    return `cannot be started: ${errorMessage(error).replace(/\.$/, '')}`;
  }
}
