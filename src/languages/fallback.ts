/** What is watched for a service whose files cannot be known exactly. */
import type { ResolvedService } from '../contract/config.ts';
import { defaultGlobs, languageOf } from './language-of.ts';

/** Sources, and what servers commonly read with them; data is left out, since services write that. */
const SOURCES = [
  '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
  '**/*.{py,rb,go,rs,php,java,kt,scala,cs,fs,ex,exs,erl,lua,pl,pm,sh,c,cc,cpp,h,hpp,swift,zig}',
];

/** Globs relative to its cwd; what the person asked to watch comes in their place. */
export function fallbackGlobs(service: ResolvedService): string[] {
  if (service.watch.include.length > 0) return [];
  return defaultGlobs(service.command, service.cwd)?.include ?? SOURCES;
}

/** True for what is known beforehand to tell nothing: its globs hold from the start. */
export function isKnownSilent({ command, cwd }: ResolvedService): boolean {
  return defaultGlobs(command, cwd) !== null;
}

export function isGo({ command, cwd }: ResolvedService): boolean {
  return languageOf(command, cwd) === 'go';
}
