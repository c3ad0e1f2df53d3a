/** What `upkeep` alone means. */
import { isatty } from 'node:tty';
import { findConfigFile } from '../config/find.ts';

/** A person at a terminal, in a workspace: show it. Otherwise the help. */
export function wantsTop(): boolean {
  return isatty(0) && isatty(1) && process.env['TERM'] !== 'dumb' && findConfigFile(process.cwd()) !== null;
}
