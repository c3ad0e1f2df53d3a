/** Service and group names for completion: at each Tab, so from the daemon's copy of the configuration alone. */
import { readJson } from '../../platform/files.ts';
import { workspacePaths } from '../../platform/paths.ts';

interface Named {
  name?: unknown;
  groups?: unknown;
}

/** Services, then (if asked for) groups, with their `@`. Nothing for anything unexpected: completion is never an error. */
export function completionNames(root: string, withGroups: boolean): string[] {
  const config = readJson(workspacePaths(root).config);
  if (typeof config !== 'object' || config === null || !('services' in config)) return [];
  if (!Array.isArray(config.services)) return [];
  const services = config.services.filter((each): each is Named => typeof each === 'object' && each !== null);
  const names = services.map(({ name }) => name);
  const groups = !withGroups
    ? []
    : services.flatMap(({ groups: of }) => (Array.isArray(of) ? of.map(asGroup) : []));
  return [...new Set([...names, ...groups])].filter(
    (word): word is string => typeof word === 'string' && word !== '',
  );
}

function asGroup(name: unknown): string | null {
  return typeof name === 'string' && name !== '' ? `@${name}` : null;
}
