/** What comes by itself: states and measurements all the time, lines of the log while they are followed. */
import { setTimeout } from 'node:timers/promises';
import type { Connection } from '../../api/index.ts';
import { isFailure } from '../../api/journal.ts';
import type { ApiEvent } from '../../contract/api/events.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { errorMessage } from '../../platform/files.ts';
import type { Message, Note } from './model.ts';

/** ms before the state is asked for again after that failed (a configuration that is being edited). */
const AGAIN = 1000;

/** Until the signal is aborted. */
export async function feedStatus(
  upkeep: Connection,
  tell: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { events } of upkeep.events({ kinds: ['status', 'journal', 'metrics'] }, signal)) {
        for (const event of events) for (const message of statusMessages(event)) tell(message);
      }
    } catch (error) {
      tell({ type: 'trouble', text: errorMessage(error) });
    }
    await setTimeout(AGAIN, undefined, { signal }).catch(() => undefined);
  }
}

function statusMessages(event: ApiEvent): Message[] {
  switch (event.type) {
    case 'begin':
      return event.status === null ? [] : [{ type: 'status', report: event.status }];
    case 'status': {
      const { daemon, notes, changed, removed } = event;
      return [{ type: 'status-change', daemon, notes, changed, removed }];
    }
    case 'metrics':
      return [{ type: 'metrics', sample: event.sample }];
    case 'journal':
      return event.text === null || isReplaced(event.entry) ? [] : [{ type: 'note', note: newsOf(event) }];
    default:
      return [];
  }
}

/** The end of a run that another one follows: what that one comes to is the news. */
function isReplaced(entry: JournalEntry): boolean {
  return entry.kind === 'run-ended' && entry.cause !== null && entry.cause.kind !== 'stop';
}

function newsOf({ entry, text }: Extract<ApiEvent, { type: 'journal' }>): Note {
  const time = new Date(entry.at - new Date(entry.at).getTimezoneOffset() * 60_000).toISOString();
  const bad = isFailure(entry) || BAD.has(entry.kind);
  const run = 'run' in entry ? ` run ${entry.run}` : '';
  const tone = bad ? 'bad' : 'plain';
  if (!('service' in entry)) return { text: text ?? '', tone };
  const { service } = entry;
  return { text: `${service}${run} ${text}`, tone, news: { service, time: time.slice(11, 19) } };
}

const BAD = new Set(['parked', 'edit-failed', 'killed', 'late']);

/** New lines of one service, or of all, from the cursor on. Returns the undo. */
export function feedLines(
  upkeep: Connection,
  { service, cursor, asked }: { service: string | null; cursor: string; asked: number },
  tell: (message: Message) => void,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const read = async () => {
    const query = { kinds: ['logs' as const], cursor, ...(service === null ? {} : { services: [service] }) };
    for await (const batch of upkeep.events(query, signal)) {
      const lost = batch.events.some(
        (event) => event.type === 'gap' || (event.type === 'begin' && event.lost),
      );
      if (lost) return tell({ type: 'gap', asked });
      const lines = batch.events.flatMap((event) => (event.type === 'logs' ? event.lines : []));
      if (lines.length > 0) tell({ type: 'lines', asked, lines, cursor: batch.cursor });
    }
  };
  read().catch((error) => {
    if (!signal.aborted) tell({ type: 'note', note: { text: errorMessage(error), tone: 'bad' } });
  });
  return () => ending.abort();
}
