/** The last touches that make any draft a configuration that loads: names that are allowed, each port once. */
import { nameProblem } from '../../contract/name.ts';
import type { Service } from '../types.ts';
import type { Draft } from './draft.ts';

export function finishDraft(draft: Draft): Draft {
  const notes = [...draft.notes];
  const names = allowedNames(Object.keys(draft.services), notes);
  const owners = new Map<number, string>();
  const services: Record<string, Service> = {};
  for (const [written, service] of Object.entries(draft.services)) {
    const name = names.get(written) as string;
    services[name] = inOrder(renamed(withOwnPorts(name, service, owners, notes), names));
  }
  return { ...draft, services, notes };
}

function allowedNames(written: string[], notes: string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of written) {
    const base = nameProblem(name) === null ? name : cleaned(name);
    let free = base;
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${base}-${count}`;
    taken.add(free.toLowerCase());
    names.set(name, free);
    if (free !== name) notes.push(`"${name}" is called ${free}: service names are file names too.`);
  }
  return names;
}

function cleaned(name: string): string {
  const base = name
    .replace(/[^\p{L}\p{M}\p{N}_:@.-]+/gu, '-')
    .replace(/^[-.@]+|-+$/g, '')
    .slice(0, 40);
  return nameProblem(base) === null ? base : 'service';
}

function withOwnPorts(name: string, service: Service, owners: Map<number, string>, notes: string[]): Service {
  const { port, ports, ready, ...rest } = service;
  const wanted = ports ?? (port === undefined ? [] : [port]);
  const own = wanted.filter((one) => !owners.has(one));
  for (const one of wanted) {
    const owner = owners.get(one);
    if (owner === undefined) owners.set(one, name);
    else notes.push(`${name}: port ${one} belongs to ${owner}; give ${name} one of its own.`);
  }
  return {
    ...rest,
    ...(own.length > 1 ? { ports: own } : own.length === 1 ? { port: own[0] as number } : {}),
    ...(ready === undefined || own.length === 0 ? {} : { ready }),
  };
}

const ORDER = ['command', 'cwd', 'port', 'ports', 'ready', 'env', 'envFile', 'dependsOn'];

/** What matters most stands first, wherever it came from. */
function inOrder(service: Service): Service {
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.fromEntries(Object.entries(service).sort(([a], [b]) => rank(a) - rank(b)));
}

function renamed(service: Service, names: Map<string, string>): Service {
  const { dependsOn } = service;
  if (dependsOn === undefined) return service;
  const to = (name: string) => names.get(name) ?? name;
  if (!Array.isArray(dependsOn)) {
    const entries = Object.entries(dependsOn).map(([name, options]) => [to(name), options]);
    return { ...service, dependsOn: Object.fromEntries(entries) };
  }
  return { ...service, dependsOn: dependsOn.map((one) => (typeof one === 'string' ? to(one) : one)) };
}
