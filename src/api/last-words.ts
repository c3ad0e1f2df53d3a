/** What runs printed last, as far as their output is kept. */
import { openHistory } from '../logs/history.ts';
import { linesBackward } from '../logs/lines.ts';
import { errorExcerpt } from './excerpt.ts';

/** So many last lines of each are looked at, and so many shown. */
const LOOKED_AT = 40;
const SHOWN = 8;

/** One look through the log from its end, no further than the oldest of these runs. */
export function lastWordsOf(
  place: { root: string; logDir: string },
  service: string,
  runs: number[],
): Map<number, string[]> {
  const found = new Map<number, string[]>(runs.map((run) => [run, []]));
  if (runs.length === 0) return found;
  const oldest = Math.min(...runs);
  const history = openHistory(place.root, place.logDir, service);
  try {
    for (const { run, text } of linesBackward(service, [...history.visible, ...history.pending])) {
      if (run === null || run < oldest) break;
      const lines = found.get(run);
      if (lines !== undefined && lines.length < LOOKED_AT) lines.unshift(text);
      if (run === oldest && lines?.length === LOOKED_AT) break;
    }
  } finally {
    history.close();
  }
  return new Map([...found].map(([run, lines]) => [run, errorExcerpt(lines, SHOWN)]));
}
