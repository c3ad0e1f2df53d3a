/** Which services a person means by the words typed after a command. */
import picomatch from 'picomatch';
import { ExitCode, UserError } from './exit-codes.ts';
import { nearest } from './nearest.ts';

export interface Selectable {
  name: string;
  groups: string[];
  /** Its configuration is gone, its records are kept: found by its name, and offered to nobody. */
  isGone?: boolean;
}

const GLOB = /[*?[\]{}()!]/;

/**
 * Names, globs (`*-server`) and groups (`@backend`, or `backend` when no service has that name); with a `!` before it
 * (`!db`, `!@backend`) it takes away from what the others choose, or from all when all of them do.
 * No selector means all. The answer keeps the order of `services`, each once.
 * Throws UserError (usage) for a selector that matches nothing, and when none is left.
 */
export function selectServices(selectors: string[], services: Selectable[]): string[] {
  const names = services.map((service) => service.name);
  if (selectors.length === 0) return names;
  const wanted = selectors.filter((selector) => !isExcept(selector));
  const chosen = new Set(
    wanted.length === 0 ? names : wanted.flatMap((selector) => matching(selector, services)),
  );
  for (const selector of selectors.filter(isExcept))
    for (const name of matching(selector.slice(1), services)) chosen.delete(name);
  if (chosen.size === 0)
    throw new UserError(
      ExitCode.usage,
      `${selectors.join(' ')}: no service is left.`,
      'With "!", the others are meant.',
    );
  return names.filter((name) => chosen.has(name));
}

/**
 * The one service that a word means. `hint`: what to do when it means several. Throws UserError (usage) then, and for a
 * word that means none.
 */
export function selectOne(selector: string, services: Selectable[], hint: string): string {
  const found = selectServices([selector], services);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new UserError(ExitCode.usage, `"${selector}" matches ${found.join(', ')}.`, hint);
}

/** `!(a|b)` is a glob of its own. */
function isExcept(selector: string): boolean {
  return /^!(?!\()/.test(selector);
}

function matching(selector: string, services: Selectable[]): string[] {
  if (services.some((service) => service.name === selector)) return [selector];
  const group = selector.startsWith('@') ? selector.slice(1) : selector;
  const members = services.filter((service) => service.groups.includes(group));
  if (members.length > 0) return members.map((service) => service.name);
  if (!GLOB.test(selector)) throw unknown(selector, services);
  const matches = picomatch(selector, { dot: true });
  const found = services.filter((service) => matches(service.name));
  if (found.length === 0) throw unknown(selector, services);
  return found.map((service) => service.name);
}

function unknown(selector: string, services: Selectable[]): UserError {
  const names = services.filter(({ isGone }) => isGone !== true).map((service) => service.name);
  const groups = [...new Set(services.flatMap((service) => service.groups))].map((group) => `@${group}`);
  const known = selector.startsWith('@') ? groups : [...names, ...groups.map((group) => group.slice(1))];
  const meant = nearest(selector, known);
  return new UserError(ExitCode.usage, what(selector), hint(meant, names, groups));
}

function what(selector: string): string {
  if (selector.startsWith('@')) return `No group is called "${selector.slice(1)}".`;
  if (GLOB.test(selector)) return `No service matches "${selector}".`;
  return `No service or group is called "${selector}".`;
}

function hint(meant: string | null, names: string[], groups: string[]): string {
  if (meant !== null) return `Did you mean "${meant}"?`;
  const all = names.length === 0 ? 'There are no services.' : `Services: ${names.join(', ')}.`;
  return groups.length === 0 ? all : `${all} Groups: ${groups.join(', ')}.`;
}
