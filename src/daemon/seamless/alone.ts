/** Does an app say, as it ends, that it does not stand a second one of itself? Pure. */
import { portInLastWords } from '../port-owner.ts';

/** A run that ends later than this after its start, in ms, had other reasons: these words are said for many. */
const AT_ONCE = 1_000;
/** What programs say whose database, socket, pid file or folder is locked by another. */
const LOCKED =
  /\b(?:EWOULDBLOCK|SQLITE_BUSY|database is locked|already in use|lock(?:ed| file| is held)|could not (?:get|acquire|obtain) (?:a |the )?lock|resource temporarily unavailable)\b/i;

/** A file that says by being there that it runs, made by O_EXCL: open(2). */
const LOCK_FILE =
  /\bEEXIST\b[^\n]*\.(?:lock|lck|pid|sock)\b|\bFileExistsError\b[^\n]*\.(?:lock|lck|pid|sock)\b/i;

/** ms within which even a dev server that builds first, behind a package manager, has looked for another of its kind. */
const SOON = 15_000;
/** "Another next dev server is already running", "Found another Vite dev process for this project". */
const NOT_THE_ONLY_ONE = /\b(?:already running|another (?:[\w.-]+ ){0,3}(?:instance|process|server))\b/i;

/** `held`: the ports that are held for it, on which nobody is in its way. */
export function standsAlone(words: readonly string[], lasted: number, held: readonly number[]): boolean {
  const text = words.join('\n');
  const port = portInLastWords(text);
  if (port !== null) return !held.includes(port) && lasted <= SOON;
  if (NOT_THE_ONLY_ONE.test(text)) return lasted <= SOON;
  return lasted <= AT_ONCE && (LOCKED.test(text) || LOCK_FILE.test(text));
}
