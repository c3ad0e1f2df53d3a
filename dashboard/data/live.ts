/** What runs and what happens, kept current by one event stream for the whole page. */
import { batch, createSignal } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { ApiEvent } from '../../src/contract/api/events.ts';
import type { ServiceStatus, StatusReport } from '../../src/contract/status.ts';
import { HttpError } from '../../src/http/index.ts';
import { messageOf } from '../parts/words.ts';
import { addEntry, loadHistory } from './history.ts';
import { addSample, loadSamples } from './metrics.ts';
import { beginTurn, takeFirstTurn } from './turn.ts';

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
    const turn = takeFirstTurn() ?? beginTurn(cursor);
    const onVisibility = () => document.hidden !== turn.hidden && turn.abort();
    document.addEventListener('visibilitychange', onVisibility);
    onVisibility();
    try {
      const onState = (state: 'connected' | 'lost') => {
        setLink(state === 'lost' ? 'lost' : 'live');
        setFailure('');
      };
      for await (const { cursor: at, events } of turn.follow(onState)) {
        cursor = at;
        batch(() => {
          for (const event of events) take(event, at);
        });
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
}

async function amiss(error: unknown): Promise<void> {
  setFailure(messageOf(error));
  setLink(error instanceof HttpError && error.status === 409 ? 'blocked' : 'lost');
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}

function take(event: ApiEvent, cursor: string): void {
  switch (event.type) {
    case 'begin':
      if (event.status !== null) setReport(reconcile(event.status, { key: 'name' }));
      if (!event.resumed) {
        loadHistory(cursor);
        loadSamples();
      }
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
