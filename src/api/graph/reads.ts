/** What a run read by itself, and nobody watches: no module, so an edit of it restarts nothing unless `watch` names it. */
import { concernedBy } from './concerned.ts';
import { namedBy } from './named.ts';
import type { ServiceRun } from './runs.ts';

/** Null when the run has no report. */
export async function unwatchedReads(run: ServiceRun): Promise<string[] | null> {
  const { loaded, spec } = run;
  if (loaded === null) return null;
  const unwatched: string[] = [];
  for (const file of loaded.reads) {
    // On purpose: it is not to be offered.
    if (spec !== null && namedBy(spec).leavesOut(file)) continue;
    const { concerns } = await concernedBy(file, [run]);
    if (concerns.length === 0) unwatched.push(file);
  }
  return unwatched;
}
