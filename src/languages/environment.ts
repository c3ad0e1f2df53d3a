/** What a run's environment needs so that its Python and Ruby processes report what they load. */
import { REPORT_VARIABLE } from '../contract/report.ts';

/** Where the hooks lie, absolute; null where one is missing (Ruby would not start with a missing one). */
export interface HookPaths {
  /** The folder with `sitecustomize.py`. */
  readonly python: string | null;
  /** The file `upkeep_report.rb`. */
  readonly ruby: string | null;
}

/**
 * The variables to set over `base`, the environment that a run would have otherwise; what is in there stays in
 * force. A hook whose path its variable cannot hold is left out: `PYTHONPATH` separates by colons, `RUBYOPT` by
 * blanks, and neither knows quoting.
 */
export function languageEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  paths: HookPaths,
  reportPath: string,
): Record<string, string> {
  const added: Record<string, string> = { [REPORT_VARIABLE]: reportPath };
  const { python, ruby } = paths;
  if (python !== null && !python.includes(':')) {
    added['PYTHONPATH'] = inFront(python, base['PYTHONPATH'], ':');
  }
  if (ruby !== null && !/\s/.test(ruby)) added['RUBYOPT'] = inFront(`-r${ruby}`, base['RUBYOPT'], ' ');
  return added;
}

/** Never with a separator at the end: an empty entry of PYTHONPATH would be the current folder. */
function inFront(ours: string, theirs: string | undefined, separator: string): string {
  if (theirs === undefined || theirs === '') return ours;
  return theirs.split(separator).includes(ours) ? theirs : ours + separator + theirs;
}
