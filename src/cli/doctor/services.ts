/** The configured services: what they need to be started. */
import { accessSync, constants } from 'node:fs';
import type { ResolvedConfig, ResolvedService } from '../../contract/config.ts';
import { errorMessage } from '../../platform/files.ts';
import { launchProblem } from '../../process/launch-script.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export interface PortHolder {
  pid: number | null;
  command: string | null;
  mark: { workspace: string; service: string; root: string | null } | null;
}

export interface ServicesWorld {
  /** The mark of this workspace. */
  id: string;
  daemonLives: boolean;
  searchPath: string;
  /** Null: nobody listens on it. */
  holder(port: number): PortHolder | null;
}

export function checkServices(config: ResolvedConfig, world: ServicesWorld): Finding[] {
  const needs = config.services.flatMap((service) => checkNeeds(service, world));
  const ports = config.services.flatMap((service) =>
    service.ports.map((port) => checkPort(service, port, world)),
  );
  const good = needs.length === 0 ? [ok('Folders, programs and env files of all services are there')] : [];
  return [...needs, ...good, ...checkSharing(config.services), ...ports];
}

function checkNeeds(
  { name, command, cwd, env, envFiles }: ResolvedService,
  { searchPath }: ServicesWorld,
): Finding[] {
  const problem = launchProblem({ command, cwd, env }, searchPath);
  const found = problem === null ? [] : [bad(`${name} cannot be started: ${problem}`, mendOf(problem))];
  for (const file of envFiles) {
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      found.push(
        bad(
          `${name}: its env file cannot be read: ${errorMessage(error)}`,
          'Create it, or take it out of `envFile`.',
        ),
      );
    }
  }
  return found;
}

function mendOf(problem: string): string {
  return problem.startsWith('its folder')
    ? 'Create it, or correct `cwd` in the configuration.'
    : 'Install it (npm install?), or correct `command` in the configuration.';
}

function checkSharing(services: ResolvedService[]): Finding[] {
  const users = new Map<number, string[]>();
  for (const { name, ports } of services)
    for (const port of ports) users.set(port, [...(users.get(port) ?? []), name]);
  return [...users]
    .filter(([, names]) => names.length > 1)
    .map(([port, names]) =>
      warn(
        `Port ${port} is configured for ${names.join(' and ')}: one of them can run at a time`,
        'Give each its own.',
      ),
    );
}

function checkPort(
  { name }: ResolvedService,
  port: number,
  { holder, id, daemonLives }: ServicesWorld,
): Finding {
  const held = holder(port);
  if (held === null) return ok(`Port ${port} of ${name} is free`);
  const { pid, command, mark } = held;
  if (pid === null)
    return bad(
      `Port ${port} of ${name} is held by another user's process`,
      `See whose: sudo ss -ltnp 'sport = :${port}'. Or give ${name} another port.`,
    );
  const who = `pid ${pid}${command === null ? '' : ` (${command.slice(0, 120)})`}`;
  if (mark?.workspace === id) {
    if (!daemonLives)
      return warn(
        `Port ${port} of ${name} is held by ${who}, left by ${mark.service} of this workspace`,
        '"upkeep clean" ends it, "upkeep start" may take it over.',
      );
    return mark.service === name
      ? ok(`Port ${port} of ${name} is held by itself (pid ${pid})`)
      : bad(`Port ${port} of ${name} is held by ${mark.service} (pid ${pid})`, `Give ${name} another port.`);
  }
  if (mark !== null)
    return bad(
      `Port ${port} of ${name} is held by ${mark.service} of the workspace ${mark.root ?? 'elsewhere'}, ${who}`,
      `Stop it there: upkeep${mark.root === null ? '' : ` -C ${mark.root}`} stop ${mark.service}. Or give ${name} another port.`,
    );
  return bad(
    `Port ${port} of ${name} is held by ${who}`,
    `End it (kill ${pid}), or give ${name} another port.`,
  );
}
