/** Figures and times as they are shown. */
import { bytes as bytesOf } from '../../src/contract/bytes.ts';

export { age, duration } from '../../src/contract/duration.ts';

export function baseName(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? path;
}

export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value < 10 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

export function bytes(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : bytesOf(value);
}

const two = (value: number) => String(value).padStart(2, '0');

/** `14:02:11`; on another day with the date in front. */
export function clock(at: number, { day = true } = {}): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (!day || date.toDateString() === new Date().toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

export function clockExact(at: number): string {
  return `${clock(at, { day: false })}.${String(Math.floor(at % 1000)).padStart(3, '0')}`;
}

/** `http://localhost:3000` → `localhost:3000`. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** An address that may be a link: nothing but http. */
export function safeUrl(url: string | null): string | undefined {
  return url !== null && /^https?:\/\//.test(url) ? url : undefined;
}

/** Of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
