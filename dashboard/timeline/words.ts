/** A happening in words, with its run where it has one. */
import type { Happening } from '../data/history.ts';

export function textOf({ entry, text }: Happening): string {
  const run = 'run' in entry ? `run ${entry.run} ` : '';
  if (text !== null) return `${run}${text}`;
  switch (entry.kind) {
    case 'daemon-started':
      return entry.recovered ? 'The daemon came back' : 'The daemon started';
    case 'daemon-stopped':
      return 'The daemon ended';
    case 'config':
      return `The configuration of ${entry.services.join(', ') || 'nothing'} changed`;
    default:
      return entry.kind;
  }
}
