/** `upkeep graph NAME`: what the current or last run of a service loaded. */

import type { ServiceRun } from '../../api/graph/runs.ts';
import type { Ancestry } from '../../loads/chain.ts';
import type { Colours } from '../../status/colours.ts';
import { remark } from './overview.ts';

import { treeLines } from './tree.ts';

/** `reads`: see `unwatchedReads`. */
export function serviceText(
  found: ServiceRun,
  graph: Ancestry | null,
  reads: string[] | null,
  shown: (path: string) => string,
  colours: Colours,
): string {
  const { loaded, exactness } = found;
  const note = loaded === null ? null : remark(exactness);
  const head = [...headLines(found), ...(note === null ? [] : [`It ${asSentence(note)}.`])];
  if (loaded === null || graph === null) return head.join('\n');
  const tree = treeLines(loaded, graph, shown, colours);
  return [
    ...head,
    ...(tree.length === 0 ? [] : ['', ...tree]),
    ...(reads === null || reads.length === 0
      ? []
      : ['', 'Read at run time, not watched; add it to `watch` if an edit is to restart it:']),
    ...(reads ?? []).map((file) => `  ${shown(file)}`),
  ].join('\n');
}

function headLines({ service, run, alive, loaded, exactness, isBuilt }: ServiceRun): string[] {
  if (run === null) return [`${service} has no run: it was never started here, or its records were removed.`];
  if (exactness.kind === 'off')
    return [`Run ${run} of ${service} has no report of what it loaded: it is not watched (watch: false).`];
  if (loaded === null)
    return [
      `Run ${run} of ${service} has no report of what it loaded: restart it with the watching on to get one.`,
    ];
  if (isBuilt && loaded.size === 0)
    return [
      `What ${service} is built from is what its toolchain lists, and no run tells: upkeep graph --file PATH asks it.`,
    ];
  const count = `${loaded.size} ${loaded.size === 1 ? 'file' : 'files'}`;
  return [
    `${service} loaded ${count} in ${alive ? `run ${run}` : `its last run, ${run}`}${loaded.isCut ? '; there are more, which are not shown' : ''}.`,
  ];
}

function asSentence(note: string): string {
  return note.startsWith('not exact') ? `is ${note}` : note;
}
