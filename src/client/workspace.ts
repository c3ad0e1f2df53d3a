/** Which workspace a command concerns, and what is known of it without evaluating its configuration. */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type FoundConfig, findConfigFile } from '../config/find.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Selectable } from '../contract/select.ts';
import { readJson } from '../platform/files.ts';
import { isOurs, ownerName } from '../platform/ownership.ts';
import { workspacePaths } from '../platform/paths.ts';
import { refuseStranger } from '../platform/readable.ts';

export interface FoundWorkspace {
  root: string;
  /** Folder of the visible logs. */
  logDir: string;
  /** Names known from the configuration last applied, and from the logs. */
  serviceNames: string[];
  /** Groups of the services, from the configuration last applied. */
  groups: Map<string, string[]>;
}

/** The nearest folder upwards with a configuration, or with a daemon's records. Throws UserError when there is none. */
export function findRoot(cwd: string = process.cwd()): string {
  const found = findConfigFile(cwd);
  if (found !== null) {
    refusePlanted(found);
    return found.root;
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(workspacePaths(folder).config)) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new UserError(
    ExitCode.config,
    `No configuration was found in ${resolve(cwd)} or in a folder above it.`,
    'Run "upkeep init" to write one.',
  );
}

/** A configuration is a program: one that somebody has put into a folder where anybody may write (/tmp) is not run. */
function refusePlanted({ root, file }: FoundConfig): void {
  const EVERYBODY_WRITES = 0o002;
  const owner = lstatSync(file, { throwIfNoEntry: false });
  if (owner === undefined || isOurs(owner) || (statSync(root).mode & EVERYBODY_WRITES) === 0) return;
  throw new UserError(
    ExitCode.config,
    `${file} is not used: it belongs to ${ownerName(owner.uid)}, and anybody can write to its folder.`,
    'Work in a folder of your own.',
  );
}

/** The same, for a command that reads the records. Throws UserError when they are another user's, too. */
export function findReadableRoot(cwd: string = process.cwd()): string {
  const root = findRoot(cwd);
  refuseStranger(workspacePaths(root).own);
  return root;
}

export function findWorkspace(cwd: string = process.cwd()): FoundWorkspace {
  const root = findReadableRoot(cwd);
  const applied = appliedConfig(root);
  const logDir = applied?.logDir ?? join(root, '.server-logs');
  const logged = listFolder(logDir)
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length));
  const groups = applied?.groups ?? new Map<string, string[]>();
  return { root, logDir, serviceNames: [...new Set([...groups.keys(), ...logged])], groups };
}

/** As `selectServices` takes them. */
export function selectable({
  serviceNames,
  groups,
}: Pick<FoundWorkspace, 'serviceNames' | 'groups'>): Selectable[] {
  // Before the first start nothing is known of the configuration.
  const isGone = (name: string) => groups.size > 0 && !groups.has(name);
  return serviceNames.map((name) => ({ name, groups: groups.get(name) ?? [], isGone: isGone(name) }));
}

/** From the daemon's copy: written by us, so read without a schema. */
function appliedConfig(root: string): { logDir: string; groups: Map<string, string[]> } | null {
  const config = readJson(workspacePaths(root).config);
  if (typeof config !== 'object' || config === null || !('logDir' in config) || !('services' in config))
    return null;
  if (typeof config.logDir !== 'string' || !Array.isArray(config.services)) return null;
  const services: { name: string; groups: string[] }[] = config.services;
  return { logDir: config.logDir, groups: new Map(services.map(({ name, groups }) => [name, groups])) };
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
