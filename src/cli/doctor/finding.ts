/** What `doctor` found, and how to mend it. */

export interface Finding {
  /** ok; warn: it works, with a loss that is named; bad: something does not work. */
  level: 'ok' | 'warn' | 'bad';
  text: string;
  /** What to do; null when there is nothing to mend. */
  mend: string | null;
}

export function ok(text: string): Finding {
  return { level: 'ok', text, mend: null };
}

export function warn(text: string, mend: string): Finding {
  return { level: 'warn', text, mend };
}

export function bad(text: string, mend: string): Finding {
  return { level: 'bad', text, mend };
}
