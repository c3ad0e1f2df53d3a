/** Durations and sizes as people write them. */

/** Number with a unit: `500ms`, `2s`, `1.5m`, `1h`. */
export const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;
/** Number with a unit: `500KB`, `10MB`, `1GB` (1 KB is 1024 bytes). */
export const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)$/i;

const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const BYTES = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

/** ms of a duration that the schema has accepted: a number is ms. */
export function toMs(written: number | string): number {
  if (typeof written === 'number') return written;
  const [, amount, unit] = DURATION.exec(written) ?? [];
  if (amount === undefined) throw new TypeError(`not a duration: ${written}`);
  return Math.round(Number(amount) * MS[unit as keyof typeof MS]);
}

/** Bytes of a size that the schema has accepted: a number is bytes. */
export function toBytes(written: number | string): number {
  if (typeof written === 'number') return written;
  const [, amount, unit] = SIZE.exec(written) ?? [];
  if (amount === undefined || unit === undefined) throw new TypeError(`not a size: ${written}`);
  return Math.round(Number(amount) * BYTES[unit.toUpperCase() as keyof typeof BYTES]);
}
