/** How a service is restarted, and why so: where the person has not said it, or what was said cannot be. */
import type { Mode, ResolvedService } from '../../contract/config.ts';
import { languageOf } from '../../languages/index.ts';
import { commandPrograms } from '../../platform/command-programs.ts';

/** Dev servers that build into the project's folder: a second one beside it ends by a lock there, or spoils it. */
const ALONE =
  /^(?:next|nuxt|nuxi|vite|astro|remix|react-router|gatsby|ng|vue-cli-service|react-scripts|webpack|webpack-dev-server|parcel|storybook|expo)$/;

export interface ModeChoice {
  readonly mode: Mode;
  /** The second half of "mode plain: …". */
  readonly why: string;
}

/**
 * Without a declared port there is nothing to hold. What can be swapped without a change in its code is a
 * Node program: the hook gates it. Reads the scripts of package.json in `cwd` where the command names one, and the
 * first lines of the program.
 */
export function chooseMode({ mode, ports, command, cwd }: ResolvedService): ModeChoice {
  if (ports.length === 0) return { mode: 'plain', why: withoutPort(mode) };
  if (mode !== null) return { mode, why: 'its configuration says so' };
  if (languageOf(command, cwd) !== 'node')
    return { mode: 'plain', why: 'its command is not known to start a Node program' };
  const name = commandPrograms(command, cwd).at(-1)?.name ?? '';
  return ALONE.test(name)
    ? { mode: 'handoff', why: `two of ${name} in one folder are one too many` }
    : { mode: 'swap', why: 'it is a Node program with a declared port' };
}

export function modeOf(spec: ResolvedService): Mode {
  return chooseMode(spec).mode;
}

function withoutPort(mode: Mode | null): string {
  const missing = 'no port is declared that could be held ("port")';
  return mode === null || mode === 'plain' ? missing : `${missing}, so "mode: ${mode}" has no effect`;
}
