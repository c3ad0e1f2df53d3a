/** The sources of a service of which no process tells what it loads. */
import { existsSync } from 'node:fs';
import type { ResolvedService } from '../../contract/config.ts';
import { fallbackGlobs, goFiles, isGo, newGoFiles } from '../../languages/index.ts';
import { isGlobbed } from './named.ts';

/** What the toolchain answered, by the service as it was read for one question. */
const asked = new WeakMap<ResolvedService, Promise<string[]>>();

/** `makes`: see `ServiceRun`. */
export async function isSource(service: ResolvedService, makes: boolean, file: string): Promise<boolean> {
  if (isGo(service)) {
    const files = await filesOf(service);
    return files.includes(file) || (existsSync(file) && isGlobbed(service.cwd, newGoFiles(files), file));
  }
  // Most likely a name that is misspelled: whoever asks is told so.
  return existsSync(file) && isGlobbed(service.cwd, fallbackGlobs(service, makes), file);
}

function filesOf(service: ResolvedService): Promise<string[]> {
  const { command, cwd, env } = service;
  const files = asked.get(service) ?? goFiles(command, cwd, { ...process.env, ...env });
  asked.set(service, files);
  return files;
}
