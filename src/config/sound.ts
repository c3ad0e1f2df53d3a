/**
 * What is left of a configuration with mistakes of shape when these are taken out, so that one look can tell the
 * contradictions in it too. Pure.
 */
import { checkConfig } from './check.ts';
import type { Path, Problem } from './problems.ts';
import type { WrittenConfig } from './schema.ts';

interface Sound {
  config: WrittenConfig;
  /** Services that could not be kept. */
  otherNames: string[];
}

/** Keys of a service of which the rest is kept when a part is broken; without it, it would mean something else. */
const PARTED = new Set(['stop', 'env', 'logs', 'watch', 'dependsOn']);

/** Null when nothing can be said about it. */
export function soundPart(value: unknown, problems: readonly Problem[]): Sound | null {
  const names = Object.keys(recordAt(value, 'services') ?? {});
  // Without sound defaults nothing can be said about a service that may rely on them.
  const isBase = problems.some(({ path }) => path[0] === 'defaults');
  const paths = [...problems.map(({ path }) => path), ...(isBase ? names.map(serviceAt) : [])];
  let rest = value;
  for (const [index, path] of paths.entries()) rest = mended(rest, path, index);
  const checked = checkConfig(rest);
  if (!('config' in checked)) return null;
  const otherNames = names.filter((name) => !Object.hasOwn(checked.config.services, name));
  return { config: checked.config, otherNames };
}

/** Whether a problem of the sound part may be there only because a broken part is not. */
export function isConsequence({ path }: Problem, broken: readonly Problem[]): boolean {
  return broken.some((one) => path.every((part, at) => part === one.path[at]));
}

function serviceAt(name: string): Path {
  return ['services', name];
}

/** Without the broken part, or with something in its place that contradicts nothing. */
function mended(value: unknown, path: Path, index: number): unknown {
  const [first, , key] = path;
  if (first !== 'services' || key === undefined) return without(value, path);
  if (PARTED.has(String(key))) return without(value, path);
  const placeholder = inPlaceOf(String(key), index);
  const whole = path.slice(0, 3);
  return placeholder === undefined ? without(value, whole) : replaced(value, whole, placeholder);
}

/** Ports under a name that no other service has; a policy that ends every wait. */
function inPlaceOf(key: string, index: number): unknown {
  switch (key) {
    case 'command':
      return 'true';
    case 'restart':
      return 'never';
    case 'port':
      return LAST_PORT - index;
    case 'ports':
      return [LAST_PORT - index];
    default:
      return undefined;
  }
}

const LAST_PORT = 65_535;

/** A list goes as a whole: the places of what stands behind would be others. */
function without(value: unknown, path: Path): unknown {
  const [key, ...below] = path;
  if (key === undefined || !isObject(value) || !Object.hasOwn(value, key)) return value;
  if (below.length === 0) {
    const { [key]: _, ...rest } = value;
    return rest;
  }
  const inner = value[key];
  if (Array.isArray(inner) && below.length === 1) return without(value, [key]);
  const changed = without(inner, below);
  return changed === inner ? value : withEntry(value, key, changed);
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...below] = path;
  if (key === undefined) return by;
  return isObject(value) ? withEntry(value, key, replaced(value[key], below, by)) : value;
}

function withEntry(value: Record<string | number, unknown>, key: string | number, entry: unknown): unknown {
  return Array.isArray(value)
    ? value.map((one, at) => (at === key ? entry : one))
    : { ...value, [key]: entry };
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

function recordAt(value: unknown, key: string): object | null {
  const entry = isObject(value) && Object.hasOwn(value, key) ? value[key] : null;
  return isObject(entry) ? entry : null;
}
