/**
 * Languages other than JavaScript: how their processes report what they load (Python, Ruby), who knows it
 * otherwise (Go), and what is watched where nobody does. See docs/languages.md.
 */
export { type HookPaths, languageEnvironment } from './environment.ts';
export { fallbackGlobs, isGo, isKnownSilent } from './fallback.ts';
export { goFiles, newGoFiles } from './go.ts';
export { defaultGlobs, languageOf } from './language-of.ts';
export { reloadsItself } from './reloads.ts';
export type { Language } from './table.ts';
export { whatRuns } from './what-runs.ts';
