/** How processes end, as values and in words. */
import { constants } from 'node:os';
import type { Exit } from '../contract/facts.ts';

const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals)
    .map(([name, number]): [number, string] => [number, name])
    .reverse(),
);

/** A POSIX shell tells the death by signal n as 128 + n (sh(1), "Exit Status"). */
export function exitOfShellCode(code: number): Exit {
  const signal = code > 128 ? SIGNAL_NAMES.get(code - 128) : undefined;
  return signal === undefined ? { code } : { signal };
}
