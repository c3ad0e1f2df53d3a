/** What a tool takes, and nothing else: an argument that is passed over in silence answers another question. */
import * as z from 'zod';
import { nearest } from '../contract/nearest.ts';

export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownWords(issue.keys, known) : undefined),
  });
}

function unknownWords(strangers: string[], known: string[]): string {
  const words = strangers.map((name) => {
    const meant = nearest(name, known);
    return `There is no "${name}" here.${meant === null ? '' : ` Did you mean "${meant}"?`}`;
  });
  return [...words, `Known: ${known.join(', ')}.`].join(' ');
}
