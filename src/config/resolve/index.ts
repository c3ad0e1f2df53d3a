/** The checked configuration becomes the resolved one: defaults filled in, paths absolute, contradictions found. */
import { resolve } from 'node:path';
import type { ResolvedConfig, ResolvedService } from '../../contract/config.ts';
import { nameProblem } from '../../contract/name.ts';
import { DEFAULTS } from '../defaults.ts';
import type { Problem } from '../problems.ts';
import type { Config } from '../types.ts';
import { dependencyProblems } from './dependencies.ts';
import { reporter } from './report.ts';
import { resolveService } from './service.ts';

export interface Place {
  root: string;
  file: string;
  sources: string[];
  /** Services that may be depended on although they are not in the config, since they have problems of their own. */
  otherNames: string[];
}

export function resolveConfig(config: Config, place: Place): { config: ResolvedConfig; problems: Problem[] } {
  const problems: Problem[] = [];
  const { defaults = {} } = config;
  const names = [...Object.keys(config.services), ...place.otherNames];
  const services = Object.entries(config.services).map(([name, written]) => {
    const own = typeof written === 'string' ? { command: written } : written;
    const report = reporter(problems, name, own, defaults);
    return resolveService(name, own, defaults, { root: place.root, names, report });
  });
  const logDir = resolve(place.root, config.logDir ?? DEFAULTS.logDir);
  if (logDir === place.root) {
    problems.push({
      path: ['logDir'],
      message: 'the logs need a folder of their own, not the workspace itself',
    });
  }
  if (names.length === 0) {
    problems.push({
      path: ['services'],
      message: 'no service is declared',
      hint: 'for example web: "node server.js"',
    });
  }
  problems.push(...nameProblems(names), ...portProblems(services), ...dependencyProblems(services));
  return {
    config: { workspace: place.root, file: place.file, sources: place.sources, logDir, services },
    problems,
  };
}

function nameProblems(names: string[]): Problem[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const problem = nameProblem(name);
    if (problem !== null) return [{ path: ['services', name], message: problem }];
    // File systems that ignore case (and normalise) would give both the same log.
    const folded = name.normalize('NFC').toLowerCase();
    const other = seen.get(folded);
    seen.set(folded, name);
    if (other === undefined) return [];
    return [
      {
        path: ['services', name],
        message: `differs from the service "${other}" only in upper and lower case`,
      },
    ];
  });
}

function portProblems(services: ResolvedService[]): Problem[] {
  const owners = new Map<number, string>();
  const problems: Problem[] = [];
  for (const { name, ports } of services) {
    for (const port of ports) {
      const owner = owners.get(port);
      if (owner === undefined) owners.set(port, name);
      else {
        problems.push({
          path: ['services', name, ports.length > 1 ? 'ports' : 'port'],
          message: `port ${port} belongs to the service "${owner}" already`,
        });
      }
    }
  }
  return problems;
}
