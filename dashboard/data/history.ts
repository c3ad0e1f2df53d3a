/** The journal of the last day, oldest first: pages of it first, then what comes. */
import { createSignal } from 'solid-js';
import type { JournalPage } from '../../src/contract/api/history.ts';
import { upkeep } from './connection.ts';

export type Happening = JournalPage['entries'][number];

/** More are not kept: a page is open for days. */
const MOST = 5000;

const [history, setHistory] = createSignal<readonly Happening[]>([]);

export { history };

export function addEntry(happening: Happening): void {
  setHistory((all) => {
    if (all.some(({ id }) => id === happening.id)) return all;
    return [...all.slice(-(MOST - 1)), { id: happening.id, entry: happening.entry, text: happening.text }];
  });
}

/** What was before the cursor at which the stream began. */
export async function loadHistory(before: string): Promise<void> {
  const page = await upkeep.journal({ since: '24h', limit: MOST, before }).catch(() => null);
  if (page === null) return;
  const known = new Set(page.entries.map(({ id }) => id));
  setHistory((all) => [...page.entries, ...all.filter(({ id }) => !known.has(id))].slice(-MOST));
}

export function serviceOf({ entry }: Happening): string | null {
  return 'service' in entry ? entry.service : null;
}
