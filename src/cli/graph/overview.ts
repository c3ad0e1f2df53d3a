/** `upkeep graph`: how much each service loaded, and which files most of them share. Pure. */

import { sharedFiles } from '../../api/graph/facts.ts';
import type { ServiceRun } from '../../api/graph/runs.ts';
import type { Exactness } from '../../loads/exactness.ts';
import type { Colours } from '../../status/colours.ts';
import { renderTable } from '../../status/table.ts';

const MOST_SHARED = 10;

/** `width`: columns of the terminal, or null. */
export function overviewText(
  runs: ServiceRun[],
  shown: (path: string) => string,
  { dim }: Colours,
  width: number | null,
): string {
  if (runs.length === 0) return 'There are no services.';
  const table = renderTable(
    [
      { head: 'SERVICE' },
      { head: 'RUN', align: 'right' },
      { head: 'FILES', align: 'right' },
      { head: '', shrinks: true },
    ],
    runs.map(({ service, run, loaded, exactness, isBuilt }) => [
      service,
      run === null ? '-' : String(run),
      loaded === null || isBuilt ? '-' : String(loaded.size),
      run === null ? 'has no run' : (remark(exactness) ?? (isBuilt ? 'what its toolchain lists' : '')),
    ]),
    width,
    dim,
  );
  const shared = sharedFiles(runs);
  if (shared.length === 0) return table;
  const lines = shared
    .slice(0, MOST_SHARED)
    .map(({ file, services }) => `  ${services.length}  ${shown(file)}  ${dim(services.join(', '))}`);
  const more = shared.length > lines.length ? [`  ${dim(`… and ${shared.length - lines.length} more`)}`] : [];
  return [table, '', 'Shared by most services:', ...lines, ...more].join('\n');
}

/** Null where nothing has to be said. */
export function remark(exactness: Exactness): string | null {
  switch (exactness.kind) {
    case 'exact':
      return null;
    case 'not-yet':
      return 'has only just begun';
    case 'off':
      return 'not watched (watch: false)';
    case 'own-reload':
      return 'tells of no file: it takes care of edits itself';
    case 'not-exact':
      return `not exact: ${exactness.reason}`;
  }
}
