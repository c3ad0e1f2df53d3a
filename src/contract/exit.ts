/** What an exit means. Apart from its schema, for readers that do not check it. */
import type { Exit } from './facts.ts';

export function isSuccess(exit: Exit | null): boolean {
  return exit !== null && 'code' in exit && exit.code === 0;
}
