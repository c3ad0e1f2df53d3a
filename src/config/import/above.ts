/** What stands above the project in the same repository, and that a person should know before there is a configuration here. */
import { dirname } from 'node:path';
import { UserError } from '../../contract/exit-codes.ts';
import { findConfigFile } from '../find.ts';
import { withinRepository } from './detect.ts';
import { workspacePatterns } from './workspaces.ts';

/** One line each. */
export function notesOfAbove(root: string): string[] {
  const above = withinRepository(root).slice(1);
  return [...hiddenConfig(root, above), ...above.flatMap(unreadWorkspaces)];
}

/** Whoever asks from here finds the nearest configuration, and that was another one so far. */
function hiddenConfig(root: string, above: string[]): string[] {
  const found = findConfigFile(dirname(root));
  if (found === null || !above.includes(found.root)) return [];
  return [
    `${found.file} is a configuration too. With the new one, commands in ${root} no longer mean its services; to have all in one, add these there.`,
  ];
}

function unreadWorkspaces(folder: string): string[] {
  try {
    workspacePatterns(folder);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`Whether this is a package of ${folder} is not known: ${error.message}`];
  }
}
