/** Batches as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { EventBatch } from '../contract/api/events.ts';

/** ms after which a browser tries again when it has lost us. */
const RETRY = 500;

/**
 * Takes the next batch only when the one before has gone out: a slow reader is not read for.
 * The first batch is waited for, so that a wrong query can be answered as one: throws what it throws.
 * `gone` ends the batches; `stop`: the stream is over, by whoever ended it.
 */
export async function eventSource(
  batches: AsyncIterable<EventBatch>,
  gone: AbortSignal,
  stop: () => void,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = batches[Symbol.asyncIterator]();
  // It may be waiting to be asked on: then the signal alone does not end it.
  gone.addEventListener('abort', () => void iterator.return?.());
  const first = await iterator.next();
  const encoder = new TextEncoder();
  let begun = false;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = begun ? await iterator.next() : first;
          if (done === true) {
            stop();
            return controller.close();
          }
          controller.enqueue(encoder.encode(`${begun ? '' : `retry: ${RETRY}\n`}${message(value)}`));
          begun = true;
        } catch (error) {
          stop();
          throw error;
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

function message(batch: EventBatch): string {
  return `id: ${batch.cursor}\ndata: ${JSON.stringify(batch)}\n\n`;
}
