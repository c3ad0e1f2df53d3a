/** One line of a run's report. The process that wrote it is not trusted: everything is bounded and checked here. */
import { posix } from 'node:path';
import { MAX_REPORT_LINE_BYTES, type ReportLanguage, type ReportLine } from '../contract/report.ts';

/** Bytes of a path without its final NUL (limits.h, PATH_MAX 4096). */
const MAX_PATH = 4095;
const MAX_VERSION = 64;
const MAX_REASON = 200;
/** The last ms that a Date can hold (ECMA-262, 21.4.1.1). */
const MAX_TIME = 8.64e15;
const MAX_PID = 2 ** 31 - 1;
const MAX_PORT = 65_535;
/** A port and an IP address: `3000/::1`. */
const SOCKET = /^[1-9]\d{0,4}\/[\da-f:.]{2,45}$/;
const LANGUAGES: readonly unknown[] = ['node', 'python', 'ruby'] satisfies ReportLanguage[];
/** The kernel's own file systems hold nothing that a person edits. */
const KERNEL = /^\/(?:proc|dev|sys)\//;

/** Two slashes, `.` or `..`. */
const ABNORMAL = /\/\.{0,2}(?:\/|$)/;

/** The line, its paths normalised; null for anything else, a kind that a newer hook may write included. */
export function parseReportLine(text: string): ReportLine | null {
  const fields = parseArray(text);
  if (fields === null) return null;
  const [kind, at, third, fourth, fifth] = fields;
  if (!isNumber(at, 0, MAX_TIME)) return null;
  switch (kind) {
    case 'hello':
      return isPid(third) && isLanguage(fourth) && isPlain(fifth, MAX_VERSION)
        ? [kind, at, third, fourth, fifth]
        : null;
    case 'load':
      return withParent(path(third), fourth, (file, parent) => [kind, at, file, parent]);
    case 'missing':
      return withParent(isText(third, MAX_PATH) ? third : null, fourth, (specifier, parent) => [
        kind,
        at,
        specifier,
        parent,
      ]);
    case 'link':
    case 'list':
    case 'read': {
      const file = path(third);
      return file === null ? null : [kind, at, file];
    }
    case 'listening':
      return [kind, at];
    case 'quiet':
      return isPid(third) && isPlain(fourth, MAX_REASON) ? [kind, at, third, fourth] : null;
    case 'control': {
      const file = path(fourth);
      return isPid(third) && file !== null ? [kind, at, third, file] : null;
    }
    case 'gated':
    case 'attached':
      return isPid(third) && isSocket(fourth) ? [kind, at, third, fourth] : null;
    case 'uncaptured':
      return isPid(third) && isPort(fourth) && isPlain(fifth, MAX_REASON)
        ? [kind, at, third, fourth, fifth]
        : null;
    default:
      return null;
  }
}

function parseArray(text: string): unknown[] | null {
  if (text.length > MAX_REPORT_LINE_BYTES || !text.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function withParent(
  subject: string | null,
  parent: unknown,
  make: (subject: string, parent: string | null) => ReportLine,
): ReportLine | null {
  if (subject === null) return null;
  if (parent === null) return make(subject, null);
  const known = path(parent);
  return known === null ? null : make(subject, known);
}

function path(value: unknown): string | null {
  if (!isText(value, MAX_PATH) || !value.startsWith('/') || KERNEL.test(value)) return null;
  // What is normal already, as nearly always, is kept as it is: a string built of pieces takes thrice the memory.
  const normal = ABNORMAL.test(value) ? posix.normalize(value) : value;
  if (normal.endsWith('/') || KERNEL.test(normal)) return null;
  return Buffer.byteLength(normal) > MAX_PATH ? null : normal;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest && !value.includes('\0');
}

/** What `status` shows: nothing in it moves a terminal's cursor. */
function isPlain(value: unknown, longest: number): value is string {
  return isText(value, longest) && !/\p{Cc}/u.test(value);
}

function isNumber(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isPid(value: unknown): value is number {
  return isNumber(value, 1, MAX_PID) && Number.isInteger(value);
}

function isPort(value: unknown): value is number {
  return isNumber(value, 0, MAX_PORT) && Number.isInteger(value);
}

function isSocket(value: unknown): value is string {
  return typeof value === 'string' && SOCKET.test(value);
}

function isLanguage(value: unknown): value is ReportLanguage {
  return LANGUAGES.includes(value);
}
