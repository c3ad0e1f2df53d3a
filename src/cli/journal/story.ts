/** Tells in the merged logs what becomes of the services, from the journal. */
import type { Colors } from 'picocolors/types';
import { happened } from '../../api/happened.ts';
import { isFailure, serviceOf } from '../../api/journal.ts';
import type { Exit } from '../../contract/facts.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { Progress } from '../../contract/protocol.ts';

/** A line that stands among the service's own. */
export interface Told {
  service: string;
  text: string;
}

export interface Story {
  /** What to print of an entry, with its service; null when it is about none of these. */
  tell(entry: JournalEntry): Told | null;
  /** What the journal does not hold: what a start waits for. */
  tellWaiting(progress: Progress): Told | null;
}

/** `urls`: where each service is reached, for its being ready. */
export function createStory(urls: Map<string, string | null>, colours: Colors): Story {
  const exits = new Map<string, Exit>();
  const waited = new Map<string, string>();
  const marks: Partial<Record<JournalEntry['kind'], string>> = {
    'run-ready': colours.green('●'),
    parked: colours.red('✖'),
    killed: colours.red('✖'),
    late: colours.yellow('!'),
  };
  return {
    tell(entry) {
      const service = serviceOf(entry);
      if (service === null || !urls.has(service)) return null;
      if (entry.kind === 'run-ended') exits.set(service, entry.exit);
      const words = happened(entry, exits.get(service) ?? null);
      if (words === null) return null;
      const url = entry.kind === 'run-ready' ? (urls.get(service) ?? null) : null;
      const mark = marks[entry.kind] ?? (isFailure(entry) ? colours.red('○') : colours.dim('○'));
      return { service, text: `${mark} ${colours.bold(url === null ? words : `${words}, ${url}`)}` };
    },
    tellWaiting({ service, state, detail }) {
      if (state !== 'starting' || !detail.startsWith('waiting for') || waited.get(service) === detail)
        return null;
      waited.set(service, detail);
      return { service, text: `${colours.dim('○')} ${colours.bold(detail)}` };
    },
  };
}

/** ms that what a run printed last may take from its end to the log. */
const LAST_WORDS = 20;

/** Keeps entries in their order, but lets a run's last words come before the news of its end. */
export function lastWordsFirst(tell: (entry: JournalEntry) => void) {
  const queue: JournalEntry[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const entry of queue.splice(0)) tell(entry);
  };
  return {
    add(entries: JournalEntry[]) {
      for (const entry of entries) {
        if (timer === null && entry.kind === 'run-ended') timer = setTimeout(flush, LAST_WORDS);
        if (timer === null) tell(entry);
        else queue.push(entry);
      }
    },
    flush,
  };
}
