/** Times of day as a person reads them. All epoch ms. */

export interface Times {
  /** `14:02:11`. */
  clock(time: number): string;
  /** `14:02:11` of today, `2026-11-22 14:02:11` of another day. */
  dayAndTime(time: number): string;
}

/** `zone`: as the IANA names it (see `isTimeZone`); the local one unless given. */
export function timesAt(now: number, zone?: string): Times {
  const iso = zone === undefined ? localIso : isoIn(zone);
  return {
    clock: (time) => iso(time).slice(11),
    dayAndTime: (time) =>
      iso(time).slice(0, 10) === iso(now).slice(0, 10) ? iso(time).slice(11) : iso(time),
  };
}

/** In the local time zone. */
export function dayAndTime(time: number, now: number): string {
  return timesAt(now).dayAndTime(time);
}

export function isTimeZone(zone: string): boolean {
  try {
    isoIn(zone);
    return true;
  } catch {
    return false;
  }
}

function localIso(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

/** Throws RangeError for a zone that there is not. */
function isoIn(zone: string): (time: number) => string {
  // Swedes write times so.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (time) => format.format(time);
}
