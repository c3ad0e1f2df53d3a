/** Files that services read by themselves: no module, so an edit of one restarts nobody unless `watch` names it. */
import { unwatchedReads } from '../../api/graph/reads.ts';
import type { ServiceRun } from '../../api/graph/runs.ts';
import { type Finding, warn } from './finding.ts';

/** So many of them are named for each service. */
const NAMED = 3;
/** Read by nearly every tool, and told apart from sources by Upkeep (see packages.ts of the daemon). */
const MANIFEST = /(?:^|\/)(?:package|tsconfig[\w.-]*|jsconfig)\.json$/;

/** `shown`: a path as a person would write it. */
export async function checkReads(runs: ServiceRun[], shown: (path: string) => string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const run of runs) {
    // What is read at requests may be anything that it serves: `graph` tells of that.
    const isWanted = (file: string) => !MANIFEST.test(file) && run.loaded?.isReadLate(file) !== true;
    const files = (await unwatchedReads(run))?.filter(isWanted) ?? [];
    if (files.length > 0) findings.push(finding(run.service, files.map(shown)));
  }
  return findings;
}

function finding(service: string, files: string[]): Finding {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return warn(
    `${service} reads ${files.slice(0, NAMED).join(', ')}${more} at its start: an edit of that restarts nothing`,
    `If it should, add it to its \`watch.include\`. All of them: upkeep graph ${service}`,
  );
}
