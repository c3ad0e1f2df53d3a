/** Who waits for whom: written forms, unknown names, cycles, waits that can never end. */
import type { Dependency, ResolvedService } from '../../contract/config.ts';
import { nearest } from '../../contract/nearest.ts';
import type { Problem } from '../problems.ts';
import type { DependencyOptions, SharedOptions } from '../types.ts';
import type { Report } from './report.ts';

export function resolveDependencies(
  written: SharedOptions['dependsOn'],
  names: string[],
  report: Report,
): Dependency[] {
  const seen = new Map<string, Dependency>();
  for (const { key, service, options } of entries(written)) {
    if (seen.has(service)) report(['dependsOn', key], `"${service}" is named twice`);
    if (!names.includes(service)) {
      const meant = nearest(service, names);
      report(
        ['dependsOn', key],
        `there is no service "${service}"`,
        meant === null ? `services: ${names.join(', ')}` : `did you mean "${meant}"?`,
      );
      continue;
    }
    const { condition = 'ready', required = true, restart = false } = options;
    seen.set(service, { service, condition, required, restart });
  }
  return [...seen.values()];
}

function entries(
  written: SharedOptions['dependsOn'] = [],
): { key: string | number; service: string; options: DependencyOptions }[] {
  if (!Array.isArray(written)) {
    return Object.entries(written).map(([service, options]) => ({ key: service, service, options }));
  }
  return written.map((one, key) =>
    typeof one === 'string'
      ? { key, service: one, options: {} }
      : { key, service: one.service, options: one },
  );
}

/** Dependencies that can never be met, each told once. */
export function dependencyProblems(services: ResolvedService[]): Problem[] {
  return [...cycles(services).map(cycleProblem), ...endlessWaits(services)];
}

function cycleProblem(cycle: string[]): Problem {
  return {
    path: ['services', cycle[0] as string, 'dependsOn'],
    message:
      cycle.length === 2
        ? `${cycle[0]} depends on itself`
        : `the services wait for each other in a circle: ${cycle.join(' → ')}`,
  };
}

/** Depth-first walk; every edge back to a service on the current path closes one cycle (`a b c a`). */
function cycles(services: ResolvedService[]): string[][] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (name: string, path: string[]): void => {
    const at = path.indexOf(name);
    if (at !== -1) {
      found.push([...path.slice(at), name]);
      return;
    }
    if (done.has(name)) return;
    for (const { service } of byName.get(name)?.dependsOn ?? []) visit(service, [...path, name]);
    done.add(name);
  };
  for (const { name } of services) visit(name, []);
  return found;
}

/** `completed` of a service that is restarted whenever it ends. */
function endlessWaits(services: ResolvedService[]): Problem[] {
  const always = new Set(
    services.filter(({ restart }) => restart.policy === 'always').map(({ name }) => name),
  );
  return services.flatMap(({ name, dependsOn }) =>
    dependsOn
      .filter(({ service, condition }) => condition === 'completed' && always.has(service))
      .map(({ service }) => ({
        path: ['services', name, 'dependsOn'],
        message: `waits until "${service}" has completed, but "${service}" is restarted whenever it ends`,
        hint: `give "${service}" restart: "never" or "on-failure"`,
      })),
  );
}
