/** New entries of the journal. */
import type { ApiEvent } from '../../contract/api/events.ts';
import { openTail, type Position } from '../../logs/tail.ts';
import { writePosition } from '../cursor.ts';
import { parseEntries } from '../journal.ts';
import { isOf, tellEntries } from '../journal-page.ts';
import type { Source } from './source.ts';

export interface JournalSource extends Source {
  position(): Position;
}

/** `services`: null: all, and the daemon's own. */
export function journalSource(
  path: string,
  from: Position | null,
  services: () => Set<string> | null,
): JournalSource {
  const tail = openTail(path, { from: from ?? 'end', endOf: ({ stats }) => stats.size });
  const told = tellEntries();
  return {
    take() {
      const { lines, gap, more } = tail.read();
      const events = lines
        .flatMap(({ at, bytes }) => parseEntries(bytes.toString()).map((entry) => ({ at, ...told(entry) })))
        .filter(({ entry }) => isOf(entry, services()))
        .map(({ at, entry, text }): ApiEvent => ({ type: 'journal', id: writePosition(at), entry, text }));
      // Whoever missed entries is told to begin anew.
      const lost: ApiEvent[] =
        gap === null ? [] : [{ type: 'begin', resumed: false, lost: LOST, status: null }];
      return { events: [...lost, ...events], more };
    },
    position: tail.position,
    close: tail.close,
  };
}

const LOST = 'the journal was removed, or has gone on for too long since';
