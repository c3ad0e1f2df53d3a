/** What runs and what happens, kept current by one event stream for the whole page. */
import { batch, createSignal } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { ApiEvent } from '../../src/contract/api/events.ts';
import type { ServiceStatus, StatusReport } from '../../src/contract/status.ts';
import { HttpError } from '../../src/http/index.ts';
import { messageOf } from '../parts/words.ts';
import { upkeep } from './connection.ts';
import { eventKinds } from './early.ts';
import { drawn } from './first-frame.ts';
import { addEntry, loadHistory } from './history.ts';
import { addSample, loadSamples } from './metrics.ts';

/**
 * loading: nothing has come yet; live: all that is shown is so now; lost: it was so when the connection was lost;
 * blocked: it can be asked, and cannot be told, since no configuration can be read and nothing runs by an older one;
 * refused: this browser is not signed in (any more).
 */
export type Link = 'loading' | 'live' | 'lost' | 'blocked' | 'refused';

const [link, setLink] = createSignal<Link>('loading');
const [failure, setFailure] = createSignal('');
const [report, setReport] = createStore<StatusReport>({
  workspace: '',
  daemon: null,
  services: [],
  notes: [],
});

export { failure, link, report };

let resolveNews = () => {};
/** Resolves when there is something to show: what runs, or why that is not known. */
export const firstNews = new Promise<void>((resolve) => {
  resolveNews = resolve;
});

/** Whether the page has ever been told what runs. */
export function isAnythingSeen(): boolean {
  return report.workspace !== '';
}

export function serviceNamed(name: string): ServiceStatus | undefined {
  return report.services.find((each) => each.name === name);
}

/** Follows until the page is left. */
export async function follow(): Promise<void> {
  let cursor: string | undefined;
  for (;;) {
    const turn = new AbortController();
    const { hidden } = document;
    const onVisibility = () => document.hidden !== hidden && turn.abort();
    document.addEventListener('visibilitychange', onVisibility);
    try {
      const onState = (state: 'connected' | 'lost') => {
        setLink(state === 'lost' ? 'lost' : 'live');
        setFailure('');
      };
      const query = { kinds: eventKinds(hidden), ...(cursor !== undefined && { cursor }) };
      for await (const { cursor: at, events } of upkeep.events(query, turn.signal, onState)) {
        cursor = at;
        batch(() => {
          for (const event of events) take(event, at);
        });
        resolveNews();
      }
    } catch (error) {
      if (isRefusal(error)) return refuse(error);
      if (error instanceof HttpError && error.status === 400 && cursor !== undefined) cursor = undefined;
      else await amiss(error);
    } finally {
      document.removeEventListener('visibilitychange', onVisibility);
    }
  }
}

/** ms after which it is asked again, when it could not be told what runs: of a broken configuration, say. */
const AGAIN_MS = 1_000;

function isRefusal(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 401 || error.status === 403);
}

function refuse(error: unknown): void {
  setFailure(messageOf(error));
  setLink('refused');
  resolveNews();
}

async function amiss(error: unknown): Promise<void> {
  setFailure(messageOf(error));
  setLink(error instanceof HttpError && error.status === 409 ? 'blocked' : 'lost');
  resolveNews();
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}

function take(event: ApiEvent, cursor: string): void {
  switch (event.type) {
    case 'begin':
      if (event.status !== null) setReport(reconcile(event.status, { key: 'name' }));
      if (!event.resumed)
        void drawn.then(() => {
          loadHistory(cursor);
          loadSamples();
        });
      return;
    case 'status':
      return takeStatus(event);
    case 'journal':
      return addEntry(event);
    case 'metrics':
      return addSample(event.sample);
    default:
      return;
  }
}

function takeStatus({ daemon, notes, changed, removed }: Extract<ApiEvent, { type: 'status' }>): void {
  setReport('daemon', reconcile(daemon));
  setReport('notes', notes);
  for (const service of changed) {
    const at = report.services.findIndex(({ name }) => name === service.name);
    if (at === -1) setReport('services', report.services.length, service);
    else setReport('services', at, reconcile(service));
  }
  if (removed.length > 0)
    setReport(
      'services',
      produce((services) => {
        for (const name of removed) {
          const at = services.findIndex((each) => each.name === name);
          if (at !== -1) services.splice(at, 1);
        }
      }),
    );
}
