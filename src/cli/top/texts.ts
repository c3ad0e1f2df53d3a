/** What the right pane tells about one service: the story of its runs, the files that it loaded. */
import colors from 'picocolors';
import type { Connection } from '../../api/index.ts';
import type { RunsPage } from '../../contract/api/history.ts';
import type { ServiceLoads } from '../../contract/api/loads.ts';
import { tellRuns } from '../why/tell.ts';

const RUNS = 30;

export async function textAbout(
  upkeep: Connection,
  about: 'why' | 'loads',
  service: string,
): Promise<string[]> {
  if (about === 'loads') return loadsText(await upkeep.serviceLoads(service));
  return storyText(upkeep.runs(service, { limit: RUNS }), Date.now());
}

/** Newest run first. `now`: epoch ms. */
export function storyText(page: RunsPage, now: number): string[] {
  if (page.runs.length === 0) return ['It has never been started here.'];
  return tellRuns(page, now, colors.createColors(false)).trimEnd().split('\n');
}

/** Each file with who asked for it. */
export function loadsText({ run, files, missing, exactness }: ServiceLoads): string[] {
  if (files === null)
    return [
      run === null ? 'It has not run yet.' : 'This run tells nothing of what it loads.',
      ...(exactness.kind === 'not-exact' ? [`Not exact: ${exactness.reason}`] : []),
      ...(exactness.kind === 'off' ? ['It is not watched (watch: false).'] : []),
    ];
  return [
    `run ${run} loaded ${files.length} file${files.length === 1 ? '' : 's'}; an edit of one restarts it`,
    '',
    ...files.map(({ file, entry, parents }) => {
      const [first, ...more] = parents;
      if (entry || first === undefined) return `${file}${entry ? '  (entry)' : ''}`;
      return `${file}  <- ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
    }),
    ...(missing ?? []).map(
      ({ specifier, parent }) => `${specifier}  not found, asked for by ${parent ?? '?'}`,
    ),
  ];
}
