/** Numbers and times as a person reads them. */

/** `48.2 MB` (10^6 bytes). */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} kB`;
  if (count < 1_000_000_000) return `${(count / 1_000_000).toFixed(1)} MB`;
  return `${(count / 1_000_000_000).toFixed(2)} GB`;
}

/** `14:02:11` of today, `2026-11-22 14:02:11` of another day; in the local time zone. Both epoch ms. */
export function dayAndTime(time: number, now: number): string {
  const local = localIso(time);
  return local.slice(0, 10) === localIso(now).slice(0, 10) ? local.slice(11) : local.replace('T', ' ');
}

function localIso(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
