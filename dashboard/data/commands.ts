/** Start, stop and restart, and what became of it. */
import { createSignal } from 'solid-js';
import { HttpError } from '../../src/http/index.ts';
import { messageOf } from '../parts/words.ts';
import { upkeep } from './connection.ts';
import { say } from './messages.ts';

export type Verb = 'start' | 'stop' | 'restart';

/** Services with a command under way. */
const [busy, setBusy] = createSignal<ReadonlySet<string>>(new Set());

export { busy };

const DONE: Record<Verb, string> = { start: 'Started', stop: 'Stopped', restart: 'Restarted' };

/** `names`: none means all. */
export async function command(verb: Verb, names: string[]): Promise<void> {
  setBusy((before) => new Set([...before, ...names]));
  try {
    const outcomes = await upkeep[verb](names);
    const failed = outcomes.filter(({ ok }) => !ok);
    for (const { service, message, lastLines } of failed)
      say({
        tone: 'bad',
        title: `${service}: ${message ?? `could not ${verb}`}`,
        lines: lastLines.slice(-4),
        service,
      });
    if (failed.length === 0)
      say({
        tone: 'good',
        title: told(
          verb,
          outcomes.map(({ service }) => service),
        ),
      });
  } catch (error) {
    const hint = error instanceof HttpError && error.hint !== null ? [error.hint] : [];
    say({ tone: 'bad', title: messageOf(error), lines: hint });
  } finally {
    setBusy((before) => new Set([...before].filter((name) => !names.includes(name))));
  }
}

function told(verb: Verb, services: string[]): string {
  const [only] = services;
  return `${DONE[verb]} ${services.length === 1 ? only : `${services.length} services`}`;
}
