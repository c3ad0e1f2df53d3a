/** Times of day as a person reads them, in the local time zone. All epoch ms. */

/** `14:02:11`. */
export function clock(time: number): string {
  return localIso(time).slice(11);
}

/** `14:02:11` of today, `2026-11-22 14:02:11` of another day. */
export function dayAndTime(time: number, now: number): string {
  const local = localIso(time);
  return local.slice(0, 10) === localIso(now).slice(0, 10) ? local.slice(11) : local.replace('T', ' ');
}

function localIso(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
