/** Which importers find something in a project, the most telling first. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

/** Every kind that yields at least one service, in the order of preference. */
export async function importProject(root: string, only: ImportKind | null = null): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const kind of only === null ? IMPORT_KINDS : [only]) {
    const draft = await IMPORTERS[kind](root);
    if (draft === null) continue;
    // Asked for by name, a draft without services still tells why it has none.
    if (only !== null || Object.keys(draft.services).length > 0) drafts.push(finishDraft(draft));
  }
  return drafts;
}

/**
 * The project around `cwd`: the repository whose workspaces it belongs to, else the nearest folder
 * with something to run, else `cwd`. Never above the folder that holds `.git`.
 */
export async function findProject(cwd: string): Promise<string> {
  const folders = withinRepository(resolve(cwd));
  const around = folders.filter((folder) => hasWorkspaces(folder)).pop();
  if (around !== undefined) return around;
  for (const folder of folders) {
    if ((await importProject(folder)).length > 0) return folder;
  }
  return folders[0] as string;
}

function hasWorkspaces(folder: string): boolean {
  const draft = importWorkspaces(folder);
  return draft !== null && Object.keys(draft.services).length > 0;
}

function withinRepository(cwd: string): string[] {
  const folders = [cwd];
  for (let current = cwd; !existsSync(join(current, '.git')); current = dirname(current)) {
    if (dirname(current) === current) return [cwd];
    folders.push(dirname(current));
  }
  return folders;
}
