/** Does an app say, as it ends, that it does not stand a second one of itself? Pure. */
import { portInLastWords } from '../port-owner.ts';

/** A run that ends later than this after its start, in ms, had other reasons. */
const AT_ONCE = 1_000;
/** What programs say whose database, socket, pid file or folder is locked by another. */
const LOCKED =
  /\b(?:EWOULDBLOCK|SQLITE_BUSY|database is locked|already running|already in use|lock(?:ed| file| is held)|could not (?:get|acquire|obtain) (?:a |the )?lock|resource temporarily unavailable|another (?:instance|process))\b/i;

/** `held`: the ports that are held for it, on which nobody is in its way. */
export function standsAlone(words: readonly string[], lasted: number, held: readonly number[]): boolean {
  if (lasted > AT_ONCE) return false;
  const text = words.join('\n');
  const port = portInLastWords(text);
  return (port !== null && !held.includes(port)) || LOCKED.test(text);
}
