/** `upkeep graph NAME`: what the current or last run of a service loaded. */
import type { Ancestry } from '../../loads/chain.ts';
import type { Loaded } from '../../loads/loaded.ts';
import type { Colours } from '../colours.ts';
import { remark } from './overview.ts';
import { unresolved } from './picture.ts';
import type { ServiceRun } from './runs.ts';
import { treeLines } from './tree.ts';

export function serviceText(
  found: ServiceRun,
  graph: Ancestry | null,
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
    ...(loaded.reads.length === 0
      ? []
      : ['', 'Read at run time, not watched; add it to `watch` if an edit is to restart it:']),
    ...loaded.reads.map((file) => `  ${shown(file)}`),
  ].join('\n');
}

function headLines({ service, run, alive, loaded }: ServiceRun): string[] {
  if (run === null) return [`${service} has no run: it was never started here, or its records were removed.`];
  if (loaded === null)
    return [
      `Run ${run} of ${service} has no report of what it loaded: restart it with the watching on to get one.`,
    ];
  const count = `${loaded.size} ${loaded.size === 1 ? 'file' : 'files'}`;
  return [
    `${service} loaded ${count} in ${alive ? `run ${run}` : `its last run, ${run}`}${loaded.isCut ? '; there are more, which are not shown' : ''}.`,
  ];
}

function asSentence(note: string): string {
  return note.startsWith('not exact') ? `is ${note}` : note;
}

export function serviceJson(
  { service, run, alive, loaded, exactness }: ServiceRun,
  graph: Ancestry | null,
  shown: (path: string) => string,
): unknown {
  return {
    service,
    run,
    alive,
    exactness,
    complete: loaded === null ? null : !loaded.isCut,
    files:
      loaded === null || graph === null
        ? null
        : [...loaded.files()].map((file) => fileJson(file, loaded, graph, shown)),
    missing:
      loaded === null
        ? null
        : unresolved(loaded).map(({ specifier, parent, candidates }) => ({
            specifier,
            parent: parent === null ? null : shown(parent),
            candidates: candidates.map(shown),
          })),
    read: loaded?.reads.map(shown) ?? null,
  };
}

function fileJson(file: string, loaded: Loaded, graph: Ancestry, shown: (path: string) => string) {
  return {
    file: shown(file),
    loadedAt: new Date(loaded.loadedAt(file) ?? 0).toISOString(),
    entry: graph.isEntry(file),
    parents: graph.parentsOf(file).map(shown),
  };
}
