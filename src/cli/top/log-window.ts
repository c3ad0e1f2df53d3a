/**
 * The part of the logs that is at hand: pages that join, each with the cursor behind it. Pure.
 * It grows at both ends and forgets at the other one, so that the whole log can be walked through in little memory.
 */
import type { ApiLine, LogsPage } from '../../contract/api/logs.ts';

interface Page {
  readonly lines: readonly ApiLine[];
  /** The place behind its last line. */
  readonly end: string;
}

export interface LogWindow {
  readonly pages: readonly Page[];
  /** The place before the first line; null: the log begins there, or nothing is known yet. */
  readonly start: string | null;
  /** Index behind the lowest line that is shown; null: the newest lines are followed. */
  readonly bottom: number | null;
  /** Whether the last page reaches up to now, so that new lines may be added. */
  readonly live: boolean;
  /** Lines that came while it was not followed. */
  readonly unseen: number;
}

/** So many lines are at hand, and a page more. */
export const MOST_LINES = 4000;
/** New lines are gathered into pages of about this size. */
const PAGE_LINES = 200;

export const EMPTY_WINDOW: LogWindow = { pages: [], start: null, bottom: null, live: false, unseen: 0 };

export function linesOf({ pages }: LogWindow): ApiLine[] {
  return ([] as ApiLine[]).concat(...pages.map(({ lines }) => lines as ApiLine[]));
}

export function lineCount({ pages }: LogWindow): number {
  return pages.reduce((sum, { lines }) => sum + lines.length, 0);
}

/** Index behind the lowest line that is shown. */
export function bottomOf(window: LogWindow): number {
  return window.bottom ?? lineCount(window);
}

/** The place behind the last line; null: nothing is at hand. */
export function endOf({ pages }: LogWindow): string | null {
  return pages.at(-1)?.end ?? null;
}

/** The newest lines, followed. */
export function newest(page: LogsPage): LogWindow {
  return { ...EMPTY_WINDOW, pages: [ofPage(page)], start: page.older, live: !page.more };
}

/** The oldest lines. Which are shown is up to `show`. */
export function oldest(page: LogsPage): LogWindow {
  return { ...EMPTY_WINDOW, pages: [ofPage(page)], bottom: 0, live: !page.more };
}

/** Around a place: what stands before and behind it. Which are shown is up to `show`. */
export function around(above: LogsPage, below: LogsPage): LogWindow {
  const pages = [ofPage(above), ofPage(below)];
  return { ...EMPTY_WINDOW, pages, start: above.older, bottom: above.lines.length, live: !below.more };
}

/** What has come in the stream. Nobody looks at it while the window is full and not followed: then it ends. */
export function append(window: LogWindow, lines: readonly ApiLine[], end: string): LogWindow {
  if (!window.live) return window;
  const unseen = window.bottom === null ? 0 : window.unseen + lines.length;
  if (window.bottom !== null && lineCount(window) + lines.length > MOST_LINES)
    return { ...window, live: false, unseen };
  const last = window.pages.at(-1);
  const joins = last !== undefined && last.lines.length + lines.length <= PAGE_LINES;
  const pages = joins
    ? [...window.pages.slice(0, -1), { lines: [...last.lines, ...lines], end }]
    : [...window.pages, { lines, end }];
  return withoutTop({ ...window, pages, unseen });
}

export function addAbove(window: LogWindow, page: LogsPage): LogWindow {
  const bottom = bottomOf(window) + page.lines.length;
  return withoutBottom({ ...window, pages: [ofPage(page), ...window.pages], start: page.older, bottom });
}

export function addBelow(window: LogWindow, page: LogsPage): LogWindow {
  return withoutTop({ ...window, pages: [...window.pages, ofPage(page)], live: !page.more });
}

function ofPage({ lines, newer }: LogsPage): Page {
  return { lines, end: newer };
}

/** Lines above the shown ones go first; none of those that are shown. */
function withoutTop(window: LogWindow): LogWindow {
  const [first, ...rest] = window.pages;
  if (first === undefined || lineCount(window) - first.lines.length < MOST_LINES) return window;
  const bottom = window.bottom === null ? null : window.bottom - first.lines.length;
  if (bottom !== null && bottom < PAGE_LINES) return window;
  return withoutTop({ ...window, pages: rest, start: first.end, bottom });
}

function withoutBottom(window: LogWindow): LogWindow {
  const last = window.pages.at(-1);
  const left = lineCount(window) - (last?.lines.length ?? 0);
  if (last === undefined || left < MOST_LINES || bottomOf(window) > left) return window;
  return withoutBottom({ ...window, pages: window.pages.slice(0, -1), live: false });
}

/** Shows what ends with the line before `bottom`, as far as there is such a line. */
export function show(window: LogWindow, bottom: number): LogWindow {
  return { ...window, bottom: Math.max(0, Math.min(lineCount(window), bottom)) };
}

export function pause(window: LogWindow): LogWindow {
  return { ...window, bottom: bottomOf(window) };
}

/** Only a window that is live can be followed as it is. */
export function follow(window: LogWindow): LogWindow {
  return { ...window, bottom: null, unseen: 0 };
}

/** Index of the next line above (-1) or below (1) `from` that matches, or null. */
export function findLine(
  lines: readonly ApiLine[],
  pattern: RegExp,
  from: number,
  direction: -1 | 1,
): number | null {
  for (let index = from + direction; index >= 0 && index < lines.length; index += direction) {
    if (pattern.test(lines[index]?.text ?? '')) return index;
  }
  return null;
}
