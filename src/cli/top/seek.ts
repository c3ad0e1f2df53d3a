/** Looks through the whole log for a text, a piece at a time, so that keys are answered meanwhile. */
import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../../api/index.ts';
import type { Effect, Message } from './model.ts';
import { soughtPattern } from './text.ts';

/** Lines that are fetched around the match. */
const AROUND = 200;

export async function seek(
  upkeep: Connection,
  { asked, search, service, sought, cursor, direction }: Extract<Effect, { do: 'find' }>,
  signal: AbortSignal,
): Promise<Message> {
  const whose = service === null ? {} : { services: [service] };
  const up = direction < 0;
  let place = cursor;
  while (!signal.aborted) {
    const from = place === null ? {} : up ? { before: place } : { after: place };
    const page = upkeep.logs({ ...whose, grep: soughtPattern(sought), limit: 1, ...from });
    if (page.lines.length > 0) {
      // The match is the first line behind `older`, or the last one before `newer`.
      const edge = up ? page.older : page.newer;
      const below = upkeep.logs(
        edge === null
          ? { ...whose, limit: AROUND, direction: 'forward' }
          : { ...whose, limit: AROUND, after: edge },
      );
      const above = upkeep.logs({ ...whose, limit: AROUND, before: edge ?? below.older ?? '' });
      return { type: 'found', asked, search, above, below, match: up ? 'below' : 'above' };
    }
    place = up ? page.older : page.newer;
    if (!page.unfinished || place === null) break;
    await setImmediate();
  }
  return { type: 'not-found', asked, search };
}
