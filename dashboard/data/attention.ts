/** What a person has to look at. Pure. */
import type { ServiceStatus } from '../../src/contract/status.ts';
import { describeExit, describeReason } from '../../src/contract/words.ts';

export interface Trouble {
  service: string;
  kind: 'crashed' | 'silent' | 'edit-failed' | 'backoff' | 'late' | 'outdated';
  title: string;
  text: string;
}

export function troubleOf(service: ServiceStatus): Trouble | null {
  const { name, state, ready, reason, exit, editFailed, notes, configChanged } = service;
  if (state === 'crashed')
    return {
      service: name,
      kind: 'crashed',
      title: 'is parked',
      text: sentence(reason === null ? 'it failed too often' : describeReason(reason, exit)),
    };
  if (state === 'ready' && !ready)
    return { service: name, kind: 'silent', title: 'does not answer', text: sentence(notes.join('. ')) };
  if (editFailed !== null)
    return {
      service: name,
      kind: 'edit-failed',
      title: `run ${editFailed.run} failed to take over`,
      text: `${sentence(editFailed.message)} The run before it goes on.`,
    };
  if (state === 'backoff')
    return {
      service: name,
      kind: 'backoff',
      title: 'crashed and is tried again',
      text: exit === null ? 'It ended by itself.' : `It ended with ${describeExit(exit)}.`,
    };
  if (state === 'starting' && notes.length > 0)
    return { service: name, kind: 'late', title: 'is not ready yet', text: notes.join('. ') };
  if (configChanged)
    return {
      service: name,
      kind: 'outdated',
      title: 'runs with an older configuration',
      text: 'A restart applies the new one.',
    };
  return null;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What is worth the title, the favicon and a notification. */
export function isAlarm(trouble: Trouble): boolean {
  return trouble.kind === 'crashed' || trouble.kind === 'edit-failed';
}
