/** What `upkeep wait` was asked for, from the words on its command line. Pure. */
import { ExitCode, UserError } from '../../contract/exit-codes.ts';

const TIMEOUT = /^(\d{1,6}(?:\.\d+)?)(ms|s|m|h)$/;
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** What a timer can hold. */
const LONGEST = 24 * 3_600_000;

/** All values of `--edit`, which may be given several times. The words have been checked. */
export function editedFiles(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    if (word.startsWith('--edit=')) return [word.slice('--edit='.length)];
    const value = words[at + 1];
    return word === '--edit' && value !== undefined ? [value] : [];
  });
}

/** ms; undefined: as long as it takes. Throws UserError (usage). */
export function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = TIMEOUT.exec(text) ?? [];
  const ms = Math.round(Number(amount) * UNITS[unit as keyof typeof UNITS]);
  if (ms > 0 && ms <= LONGEST) return ms;
  throw new UserError(
    ExitCode.usage,
    `--timeout takes a duration up to 24h, not "${text}".`,
    'For example: --timeout 30s, --timeout 2m',
  );
}
