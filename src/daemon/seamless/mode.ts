/** How a service is restarted, where the person has not said so. */
import type { Mode, ResolvedService } from '../../contract/config.ts';
import { languageOf } from '../../languages/index.ts';

/**
 * Without a declared port there is nothing to hold. What can be swapped without a change in its code is a
 * Node program: the hook gates it. Reads the scripts of package.json in `cwd` where the command names one.
 */
export function modeOf({ mode, ports, command, cwd }: ResolvedService): Mode {
  if (ports.length === 0) return 'plain';
  return mode ?? (languageOf(command, cwd) === 'node' ? 'swap' : 'plain');
}
