/** What the right pane tells about one service: the story of its runs, the files that it loaded. */
import { errorExcerpt } from '../../api/excerpt.ts';
import type { Connection } from '../../api/index.ts';
import type { Run } from '../../contract/api/history.ts';
import type { ServiceLoads } from '../../contract/api/loads.ts';
import { dayAndTime } from '../render/words.ts';

const RUNS = 30;
const LAST_LINES = 12;

export async function textAbout(
  upkeep: Connection,
  about: 'why' | 'loads',
  service: string,
): Promise<string[]> {
  if (about === 'loads') return loadsText(await upkeep.serviceLoads(service));
  return storyText(upkeep.runs(service, { limit: RUNS }).runs, Date.now());
}

/** Newest run first. `now`: epoch ms. */
export function storyText(runs: Run[], now: number): string[] {
  if (runs.length === 0) return ['It has never been started here.'];
  return runs.flatMap((run) => [
    ...run.story.map(({ at, text }) => `${dayAndTime(at, now)} run ${run.run} ${text}`),
    ...errorExcerpt(run.lastLines, LAST_LINES).map((line) => `         | ${line}`),
    '',
  ]);
}

/** Each file with who asked for it. */
export function loadsText({ run, files, missing, exactness }: ServiceLoads): string[] {
  if (files === null)
    return [
      run === null ? 'It has not run yet.' : 'This run tells nothing of what it loads.',
      ...(exactness.kind === 'not-exact' ? [`Not exact: ${exactness.reason}`] : []),
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
