/** Waiting on conditions, in place of sleeping. */

export interface EventuallyOptions {
  /** Longest wait in ms; 15,000 unless given. */
  readonly within?: number;
  /** Told when the wait fails: all that helps to see why. */
  readonly diagnose?: () => Promise<string>;
}

const PAUSE = 25;

/**
 * Asks until the predicate gives something truthy, and returns that. A throwing predicate counts as "not yet",
 * so that it may hold assertions.
 * @throws Error that says what was waited for, the last answer, and the diagnosis.
 */
export async function eventually<T>(
  predicate: () => T | Promise<T>,
  what: string,
  { within = 15_000, diagnose }: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + within;
  for (;;) {
    const last = await attempt(predicate);
    if ('value' in last && last.value) return last.value;
    if (performance.now() > deadline) {
      const diagnosis = diagnose ? `\n${await diagnose()}` : '';
      throw new Error(`waited ${within} ms in vain for: ${what}\n${tell(last)}${diagnosis}`);
    }
    await pause(PAUSE);
  }
}

/** `promise`, or a failure like that of `eventually` when it takes too long. */
export async function bounded<T>(
  promise: Promise<T>,
  what: string,
  { within = 15_000, diagnose }: EventuallyOptions = {},
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, within, 'late');
  });
  const result = await Promise.race([promise.then((value) => ({ value })), late]);
  clearTimeout(timer);
  if (result !== 'late') return result.value;
  const diagnosis = diagnose ? `\n${await diagnose()}` : '';
  throw new Error(`waited ${within} ms in vain for: ${what}${diagnosis}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

type Attempt<T> = { value: T } | { thrown: unknown };

async function attempt<T>(predicate: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await predicate() };
  } catch (thrown) {
    return { thrown };
  }
}

function tell(last: Attempt<unknown>): string {
  if ('value' in last) return `last answer: ${JSON.stringify(last.value)}`;
  const { thrown } = last;
  return `last failure: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}
