/** Points in time as people type them. */

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Epoch ms of a time: a duration before now (`10m`, `1h30m`, `2d`), a time of day (`14:02`, `14:02:33`: the last
 * one that has been), a date (`2026-11-23`: its first moment) or an ISO time (`2026-11-23T10:00`, local
 * unless it names a zone). Null for anything else.
 */
export function parseMoment(text: string, now: number): number | null {
  const trimmed = text.trim();
  const ago = duration(trimmed);
  if (ago !== null) return now - ago;
  const clock = CLOCK.exec(trimmed);
  if (clock !== null) return timeOfDay(clock, now);
  // A bare date is UTC to the Date constructor; with a time it is local.
  if (!isInCalendar(trimmed)) return null;
  if (DATE.test(trimmed)) return valid(new Date(`${trimmed}T00:00`));
  if (DATE_TIME.test(trimmed)) return valid(new Date(trimmed.replace(' ', 'T').replace(',', '.')));
  return null;
}

function duration(text: string): number | null {
  if (text === '') return null;
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (part === null) return null;
    total += Number(part[1]) * UNITS[part[2] as keyof typeof UNITS];
  }
  return total;
}

function timeOfDay([, hours, minutes, seconds]: RegExpExecArray, now: number): number | null {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
  if (h > 23 || m > 59 || s >= 60) return null;
  const day = new Date(now);
  day.setHours(h, m, Math.floor(s), Math.round((s % 1) * 1000));
  if (day.getTime() > now) day.setDate(day.getDate() - 1);
  return day.getTime();
}

/** The Date constructor takes 30 February for 1 March. Other texts are left to who understands them. */
function isInCalendar(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  if (day === undefined) return true;
  const date = new Date(`${day}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function valid(date: Date): number | null {
  return Number.isNaN(date.getTime()) ? null : date.getTime();
}
