/** Answers, without what a reader would not see: agents quote what programs have printed. Pure. */

/** Control characters but tabs and ends of lines, and what turns the direction of text around ("Trojan source"). */
const UNSEEN = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Of all texts in it. What was written over after a carriage return is left out, as a terminal does. */
export function withoutUnseen<T>(value: T): T {
  if (typeof value === 'string') return cleaned(value) as T;
  if (Array.isArray(value)) return value.map(withoutUnseen) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutUnseen(each)])) as T;
}

function cleaned(text: string): string {
  const shown = text.includes('\r') ? text.split('\n').map(lastWritten).join('\n') : text;
  return shown.replace(UNSEEN, '');
}

function lastWritten(line: string): string {
  const whole = line.replace(/\r+$/, '');
  return whole.slice(whole.lastIndexOf('\r') + 1);
}
