/** What an importer makes of a project: services as a person would write them, and what it could not take over. */
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { errorMessage } from '../../platform/files.ts';
import { splitCommand } from '../command.ts';
import type { Service } from '../types.ts';

export const IMPORT_KINDS = ['pm2', 'procfile', 'servers', 'workspaces', 'compose', 'package'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface Skipped {
  name: string;
  reason: string;
}

export interface Draft {
  kind: ImportKind;
  /** The file or folder that it was made from, relative to the project. */
  from: string;
  services: Record<string, Service>;
  skipped: Skipped[];
  /** What a person should know or finish by hand, one line each. */
  notes: string[];
}

/** null when the project has nothing of this kind. Throws UserError when it has, and it cannot be read. */
export type Importer = (root: string) => Draft | null | Promise<Draft | null>;

/** null: there is no such file. Throws UserError when there is one, and it cannot be read. */
export function readIfThere(...path: string[]): string | null {
  const file = join(...path);
  if (!existsSync(file) || !statSync(file).isFile()) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      ExitCode.config,
      `${path.slice(1).join('/')}: cannot be read: ${errorMessage(error)}`,
    );
  }
}

/** What a folder of the project holds, by name. Throws UserError when it cannot be read. */
export function entriesIn(root: string, folder: string): Dirent[] {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new UserError(ExitCode.config, `${folder || root}: cannot be read: ${errorMessage(error)}`);
  }
}

/** As `read`; what cannot be read is left out, and said so. */
export function orLeftOut<T>(name: string, draft: Pick<Draft, 'skipped'>, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    draft.skipped.push({ name, reason: error.message });
    return null;
  }
}

/** Values of unknown origin, looked at one key at a time. */
export type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** One line where it reads back as the same words, a list otherwise. */
export function commandOf(argv: string[]): string | string[] {
  const line = argv.join(' ');
  const split = splitCommand(line);
  const same = 'argv' in split && JSON.stringify(split.argv) === JSON.stringify(argv);
  return same ? line : argv;
}

/** Only numbers that can be a port. */
export function asPort(value: unknown): number | null {
  const port = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535 ? port : null;
}
