/** What is watched for a service whose files cannot be known exactly. */
import { relative } from 'node:path';
import type { ResolvedService } from '../contract/config.ts';
import { lastCommandFile } from '../platform/command-files.ts';
import { defaultGlobs, languageOf } from './language-of.ts';
import { whatRuns } from './what-runs.ts';

/** Sources, and what servers commonly read with them; data is left out, since services write that. */
const SOURCES = [
  '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
  '**/*.{py,rb,go,rs,php,java,kt,scala,cs,fs,ex,exs,erl,lua,pl,pm,sh,c,cc,cpp,h,hpp,swift,zig}',
];

/**
 * Globs relative to its cwd; what the person asked to watch comes in their place. `isBuilt`: its command makes what it
 * runs.
 */
export function fallbackGlobs(
  service: ResolvedService,
  isBuilt = whatRuns(service).builder !== null,
): string[] {
  if (service.watch.include.length > 0) return [];
  return defaultGlobs(service.command, service.cwd)?.include ?? (isBuilt ? builtGlobs(service) : SOURCES);
}

/** True for what is known beforehand to tell nothing, or not what it is built from: its globs hold from the start. */
export function isKnownSilent(service: ResolvedService): boolean {
  return defaultGlobs(service.command, service.cwd) !== null || whatRuns(service).builder !== null;
}

/** What a build leaves is none of its sources: where that goes by custom, and where the program that runs it is. */
function builtGlobs(service: ResolvedService): string[] {
  const entry = lastCommandFile(service);
  const [top = '', below] = entry === null ? [] : relative(service.cwd, entry).split('/');
  const built = below === undefined ? top : `${top}/**`;
  return [...SOURCES, '!{dist,build,out}/**', ...(top === '' || top === '..' ? [] : [`!${built}`])];
}

export function isGo({ command, cwd }: ResolvedService): boolean {
  return languageOf(command, cwd) === 'go';
}
