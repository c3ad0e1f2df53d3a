/**
 * One reading of the event stream, begun before anybody follows it: the answer comes while the rest of the page is still
 * loaded and made. A hidden page asks for no metrics: nobody looks at them.
 */
import type { EventBatch } from '../../src/contract/api/events.ts';
import { upkeep } from './connection.ts';

type State = 'connected' | 'lost';

export interface Turn {
  /** Whether the page was hidden when it began. */
  readonly hidden: boolean;
  abort(): void;
  /** To be called once. Throws HttpError. */
  follow(onState: (state: State) => void): AsyncGenerator<EventBatch>;
}

export function beginTurn(cursor?: string): Turn {
  const { hidden } = document;
  const kinds = hidden ? (['status', 'journal'] as const) : (['status', 'journal', 'metrics'] as const);
  const controller = new AbortController();
  const states: State[] = [];
  let tell = (state: State): unknown => states.push(state);
  const query = { kinds: [...kinds], ...(cursor !== undefined && { cursor }) };
  const batches = upkeep.events(query, controller.signal, (state) => tell(state))[Symbol.asyncIterator]();
  const first = batches.next();
  // Whoever follows is told of it.
  first.catch(() => undefined);
  return {
    hidden,
    abort: () => controller.abort(),
    async *follow(onState) {
      for (const state of states) onState(state);
      tell = onState;
      for (let next = await first; next.done !== true; next = await batches.next()) yield next.value;
    },
  };
}

let first: Turn | null = null;

/** The page has only just begun to load. */
export function beginFirstTurn(): void {
  first = beginTurn();
}

/** The turn that was begun then; once. */
export function takeFirstTurn(): Turn | null {
  const taken = first;
  first = null;
  return taken;
}
