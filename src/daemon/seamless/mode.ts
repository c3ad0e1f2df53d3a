/** How a service is restarted, where the person has not said so. */
import type { Mode, ResolvedService } from '../../contract/config.ts';
import { languageOf } from '../../languages/index.ts';
import { commandPrograms } from '../../platform/command-programs.ts';

/** Dev servers that build into the project's folder: a second one beside it ends by a lock there, or spoils it. */
const ALONE =
  /^(?:next|nuxt|nuxi|vite|astro|remix|react-router|gatsby|ng|vue-cli-service|react-scripts|webpack|webpack-dev-server|parcel|storybook|expo)$/;

/**
 * Without a declared port there is nothing to hold. What can be swapped without a change in its code is a
 * Node program: the hook gates it. Reads the scripts of package.json in `cwd` where the command names one, and the
 * first lines of the program.
 */
export function modeOf({ mode, ports, command, cwd }: ResolvedService): Mode {
  if (ports.length === 0) return 'plain';
  if (mode !== null) return mode;
  if (languageOf(command, cwd) !== 'node') return 'plain';
  return ALONE.test(commandPrograms(command, cwd).at(-1)?.name ?? '') ? 'handoff' : 'swap';
}
