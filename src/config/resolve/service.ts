/** One service as written becomes one service as run. */
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { Command, ResolvedService } from '../../contract/config.ts';
import { nameProblem } from '../../contract/name.ts';
import { nearest } from '../../contract/nearest.ts';
import { splitCommand } from '../command.ts';
import { DEFAULTS } from '../defaults.ts';
import type { Service, SharedOptions } from '../types.ts';
import { toBytes, toMs } from '../units.ts';
import { resolveDependencies } from './dependencies.ts';
import { type MergedService, mergeService } from './merge.ts';
import { resolveReady, resolveUrl } from './ready.ts';
import type { Report } from './report.ts';

export interface Surroundings {
  root: string;
  /** Names of all services, also of those that have problems of their own. */
  names: string[];
  report: Report;
}

export function resolveService(
  name: string,
  own: Service,
  defaults: SharedOptions,
  { root, names, report }: Surroundings,
): ResolvedService {
  const merged = mergeService(inheritable(name, defaults), own);
  const cwd = resolve(root, merged.cwd ?? '.');
  const ports = resolvePorts(merged, report);
  return {
    name,
    description: merged.description ?? '',
    groups: resolveGroups(merged.group, report),
    command: resolveCommand(merged.command, report),
    cwd,
    env: resolveEnv(merged.env ?? {}, report),
    envFiles: merged.envFile.map((file) => resolve(cwd, file)),
    ports,
    url: serviceUrl(merged.url, ports, report),
    mode: merged.mode ?? null,
    standby: merged.standby ?? 'auto',
    ready: resolveReady(merged.ready, ports, report),
    readyTimeout: ms(merged.ready.timeout, DEFAULTS.readyTimeout),
    dependsOn: resolveDependencies(merged.dependsOn, names, report),
    restart: resolveRestart(merged.restart, report),
    stop: {
      signal: resolveSignal(merged.stop?.signal ?? DEFAULTS.stop.signal, report),
      grace: ms(merged.stop?.grace, DEFAULTS.stop.grace),
      drain: ms(merged.stop?.drain, DEFAULTS.stop.drain),
    },
    watch: {
      enabled: merged.watch.enabled ?? true,
      include: merged.watch.include ?? [],
      ignore: merged.watch.ignore ?? [],
      quiet: merged.watch.quiet === undefined ? null : toMs(merged.watch.quiet),
      packages: merged.watch.packages ?? false,
    },
    logs: {
      maxSize: merged.logs?.maxSize === undefined ? DEFAULTS.logs.maxSize : toBytes(merged.logs.maxSize),
      keep: merged.logs?.keep ?? DEFAULTS.logs.keep,
    },
  };
}

/** A service that all others depend on by default does not depend on itself. */
function inheritable(name: string, defaults: SharedOptions): SharedOptions {
  const { dependsOn, ...rest } = defaults;
  if (dependsOn === undefined) return rest;
  const targets = Array.isArray(dependsOn)
    ? dependsOn.map((one) => (typeof one === 'string' ? one : one.service))
    : Object.keys(dependsOn);
  return targets.includes(name) ? rest : defaults;
}

function ms(written: number | string | undefined, otherwise: number): number {
  return written === undefined ? otherwise : toMs(written);
}

function resolveCommand(written: string | string[] | undefined, report: Report): Command {
  if (written === undefined) {
    report([], 'has no command', 'for example command: "node server.js"');
    return { argv: [] };
  }
  if (typeof written !== 'string') return { argv: written };
  const split = splitCommand(written);
  if (!('problem' in split)) return split;
  report(['command'], `the command ${split.problem}`);
  return { argv: [] };
}

function resolvePorts({ port, ports }: MergedService, report: Report): number[] {
  if (port !== undefined && ports !== undefined) report(['ports'], 'port and ports exclude each other');
  const all = port === undefined ? (ports ?? []) : [port];
  const twice = all.find((one, index) => all.indexOf(one) !== index);
  if (twice !== undefined) report(['ports'], `${twice} is named twice`);
  return [...new Set(all)];
}

function resolveGroups(groups: string[], report: Report): string[] {
  for (const group of groups) {
    const problem = group.startsWith('@') ? 'the "@" is written when selecting only' : nameProblem(group);
    if (problem !== null) report(['group'], `"${group}": ${problem}`);
  }
  return [...new Set(groups)];
}

function resolveEnv(env: NonNullable<Service['env']>, report: Report): Record<string, string> {
  for (const [key, value] of Object.entries(env)) {
    if (key === '' || /[=\0]/.test(key)) report(['env', key], 'is no name for a variable');
    if (typeof value === 'string' && value.includes('\0')) report(['env', key], 'contains a NUL character');
  }
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]));
}

function serviceUrl(written: string | false | undefined, ports: number[], report: Report): string | null {
  if (written === false) return null;
  if (written === undefined) return ports[0] === undefined ? null : `http://localhost:${ports[0]}`;
  return resolveUrl(written, ports, (message, hint) => report(['url'], message, hint));
}

function resolveRestart(restart: MergedService['restart'], report: Report): ResolvedService['restart'] {
  const window = ms(restart.window, DEFAULTS.restart.window);
  if (window === 0) report(['restart', 'window'], 'must be longer than 0');
  return {
    policy: restart.policy ?? DEFAULTS.restart.policy,
    delay: restart.delay === undefined ? DEFAULTS.restart.delay : toMs(restart.delay),
    maxFailures: restart.maxFailures ?? DEFAULTS.restart.maxFailures,
    window,
  };
}

function resolveSignal(written: string, report: Report): string {
  const upper = written.toUpperCase();
  const signal = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  if (Object.hasOwn(constants.signals, signal)) return signal;
  const meant = nearest(signal, Object.keys(constants.signals));
  report(
    ['stop', 'signal'],
    `there is no signal "${written}"`,
    meant === null ? 'for example SIGTERM or SIGINT' : `did you mean "${meant}"?`,
  );
  return signal;
}
