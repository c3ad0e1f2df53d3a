/** Reading server-sent events by `fetch`, so that headers can be sent along: lost connections are taken up again. */
import type { EventBatch } from '../contract/api/events.ts';

/** ms before the first try to come back, and before later ones at most. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5000;

/** `open` goes on from a cursor, and throws an error with `status` when it is refused. */
export async function* readEvents(
  open: (cursor: string | undefined) => Promise<Response>,
  from: string | undefined,
  signal: AbortSignal | undefined,
  onState: (state: 'connected' | 'lost') => void,
): AsyncGenerator<EventBatch> {
  let cursor = from;
  let wait = FIRST_WAIT;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    try {
      const response = await open(cursor);
      onState('connected');
      for await (const batch of batchesOf(response)) {
        wait = FIRST_WAIT;
        cursor = batch.cursor;
        yield batch;
      }
    } catch (error) {
      if (isOver()) return;
      if (isRefusal(error)) throw error;
    }
    if (isOver()) return;
    onState('lost');
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

async function* batchesOf(response: Response): AsyncGenerator<EventBatch> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const messages = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const data = message.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) yield JSON.parse(data.slice('data: '.length)) as EventBatch;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Trying again does not help against these: a wrong query, no token. Nobody there (0) and a fault (5xx) may pass. */
function isRefusal(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish);
  });
}
