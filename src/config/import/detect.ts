/** Which importers find something in a project, the most telling first. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../contract/exit-codes.ts';
import { importCompose } from './compose.ts';
import { type Draft, IMPORT_KINDS, type Importer, type ImportKind } from './draft.ts';
import { finishDraft } from './finish.ts';
import { importPackage } from './package.ts';
import { importPm2 } from './pm2.ts';
import { importProcfile } from './procfile.ts';
import { importServers } from './servers.ts';
import { importWorkspaces } from './workspaces.ts';

const IMPORTERS: Record<ImportKind, Importer> = {
  pm2: importPm2,
  procfile: importProcfile,
  servers: importServers,
  workspaces: importWorkspaces,
  compose: importCompose,
  package: importPackage,
};

/**
 * Every kind that yields at least one service, in the order of preference. What cannot be read is a note of the first
 * one. Throws that UserError when there is no other.
 */
export async function importProject(root: string, only: ImportKind | null): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const unread: UserError[] = [];
  for (const kind of only === null ? IMPORT_KINDS : [only]) {
    const draft = await attempt(() => IMPORTERS[kind](root), unread);
    if (draft === null) continue;
    // Asked for by name, a draft without services still tells why it has none.
    if (only !== null || Object.keys(draft.services).length > 0) drafts.push(finishDraft(draft));
  }
  const [first] = drafts;
  if (first === undefined && unread[0] !== undefined) throw unread[0];
  // One package.json is read for several kinds.
  const messages = new Set(unread.map(({ message }) => message.replaceAll('\n', '; ')));
  first?.notes.push(...[...messages].map((message) => `Nothing was taken from ${message}`));
  return drafts;
}

async function attempt(act: () => ReturnType<Importer>, unread: UserError[]): Promise<Draft | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    unread.push(error);
    return null;
  }
}

/**
 * The project around `cwd`: the repository whose workspaces it belongs to, else the nearest folder
 * with something to run, else `cwd`. Never above the folder that holds `.git`. With `only` it is the
 * nearest folder with something of that kind, and nothing else is looked at.
 */
export async function findProject(cwd: string, only: ImportKind | null): Promise<string> {
  const folders = withinRepository(resolve(cwd));
  const around = only === null ? folders.filter(hasWorkspaces).pop() : undefined;
  if (around !== undefined) return around;
  for (const folder of folders) {
    const drafts = await importProject(folder, only);
    if (drafts.some(({ services }) => Object.keys(services).length > 0)) return folder;
  }
  return folders[0] as string;
}

/** Where that cannot be read, the folder is one like the others; the person is told by its import, or as what is above. */
function hasWorkspaces(folder: string): boolean {
  try {
    return Object.keys(importWorkspaces(folder)?.services ?? {}).length > 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}

/** `cwd` and the folders above it, up to the one that holds `.git`; only itself where there is none. */
export function withinRepository(cwd: string): string[] {
  const folders = [cwd];
  for (let current = cwd; !existsSync(join(current, '.git')); current = dirname(current)) {
    if (dirname(current) === current) return [cwd];
    folders.push(dirname(current));
  }
  return folders;
}
