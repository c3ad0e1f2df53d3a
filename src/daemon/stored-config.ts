/** The configuration that an earlier daemon ran by. */
import { execFile } from 'node:child_process';
import { ResolvedConfig } from '../contract/config.ts';
import { readJson } from '../platform/files.ts';
import type { WorkspacePaths } from '../platform/paths.ts';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

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
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES };
    execFile(process.execPath, [printer, paths.root], options, (error, stdout) => {
      resolve((error === null ? parse(stdout) : null) ?? readCopy(paths));
    });
  });
}

function readCopy(paths: WorkspacePaths): ResolvedConfig | null {
  const parsed = ResolvedConfig.safeParse(readJson(paths.config));
  return parsed.success ? parsed.data : null;
}

function parse(text: string): ResolvedConfig | null {
  try {
    const parsed = ResolvedConfig.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
