/** The configuration that an earlier daemon ran by. */
import { ResolvedConfig } from '../contract/config.ts';
import { readJson } from '../platform/files.ts';
import type { WorkspacePaths } from '../platform/paths.ts';
import { printedConfig } from '../platform/printed-config.ts';

/**
 * Null when there was none. Where its copy is unreadable the person's file is asked instead: services
 * that still run would otherwise be nobody's.
 */
export function storedConfig(paths: WorkspacePaths, printer: string): Promise<ResolvedConfig | null> {
  const copy = readCopy(paths);
  if (copy !== null || readJson(paths.daemon) === null) return Promise.resolve(copy);
  return currentConfig(paths, printer);
}

/** What the person's file says now; where it is broken, the copy. */
export function currentConfig(paths: WorkspacePaths, printer: string): Promise<ResolvedConfig | null> {
  return printedConfig(printer, paths.root).then(
    (config) => checked(config) ?? readCopy(paths),
    () => readCopy(paths),
  );
}

function readCopy(paths: WorkspacePaths): ResolvedConfig | null {
  return checked(readJson(paths.config));
}

function checked(value: unknown): ResolvedConfig | null {
  const parsed = ResolvedConfig.safeParse(value);
  return parsed.success ? parsed.data : null;
}
