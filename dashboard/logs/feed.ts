/** The lines that are shown: fetched by the page in both directions, and followed live at the end. */
import { batch, createSignal } from 'solid-js';
import type { ApiLine, Level, LogsPage } from '../../src/contract/api/logs.ts';
import { upkeep } from '../data/connection.ts';
import { messageOf } from '../parts/words.ts';
import { bare } from './sequences.ts';
import { append, begin, EMPTY, type LogWindow, newerCursor, olderCursor, prepend } from './window.ts';

export interface Filter {
  services: string[];
  levels: Level[];
  /** As the API wants it; only matching lines are shown. */
  grep: string | null;
  /** The same, for lines that come live. */
  test: RegExp | null;
  run: number | null;
}

const PAGE = 500;
const FIRST = 1000;
/** Where a line is looked for among many of its time: lines of a page, and pages. */
const LARGE = 5000;
const PATIENT = 40;
/** Lines in one frame. */
const MANY = 50;

export interface Feed {
  lines(): readonly ApiLine[];
  /** Whether the end is followed. */
  live(): boolean;
  loading(): boolean;
  failure(): string;
  /** Remarks on lines that were left out. */
  gap(): string;
  hasOlder(): boolean;
  toEnd(): Promise<void>;
  /** To the first line that is kept, and pauses. Resolves to it; null and undefined as in `around`. */
  toStart(): Promise<ApiLine | null | undefined>;
  pause(): void;
  /** Resolves to the number of lines that are new above. */
  loadOlder(): Promise<number>;
  /** `follows`: and goes live if there is nothing more to load. */
  loadNewer(follows: boolean): Promise<void>;
  /**
   * Around a time, of which the first line is answered, else the last one before it; the line of that id is in it, if
   * it is still kept. Null: there is none; undefined: it failed, or something else has been asked for meanwhile.
   */
  around(time: number | string, id?: string | null): Promise<ApiLine | null | undefined>;
  /** Goes to the nearest line outside of what is held that passes. Null and undefined as above. */
  seek(
    direction: 'older' | 'newer',
    what: { grep?: string; levels?: Level[] },
  ): Promise<ApiLine | null | undefined>;
  close(): void;
}

export function createFeed(filter: Filter): Feed {
  const [held, setHeld] = createSignal<LogWindow>(EMPTY);
  const [live, setLive] = createSignal(false);
  const [loading, setLoading] = createSignal(true);
  const [failure, setFailure] = createSignal('');
  const [gap, setGap] = createSignal('');
  let turn = new AbortController();
  let closed = false;
  /** Raised by whatever goes elsewhere: what was asked for before comes too late. */
  let place = 0;
  const isStill = (mine: number) => !closed && mine === place;
  const query = {
    ...(filter.services.length > 0 && { services: filter.services }),
    ...(filter.levels.length > 0 && { levels: filter.levels }),
    ...(filter.grep !== null && { grep: filter.grep }),
    ...(filter.run !== null && { run: filter.run }),
  };
  const passes = ({ text, run }: ApiLine) =>
    (filter.run === null || run === filter.run) && (filter.test === null || filter.test.test(bare(text)));

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    setLoading(true);
    try {
      const done = await work();
      if (!closed) setFailure('');
      return done;
    } catch (error) {
      if (!closed) setFailure(messageOf(error));
      return null;
    } finally {
      setLoading(false);
    }
  }

  /** Pages until there are enough lines, or no more to look through. */
  async function older(
    before: string | null,
    enough: number,
  ): Promise<{ lines: ApiLine[]; older: string | null; newer: string }> {
    let page = await upkeep.logs({ ...query, limit: enough, ...(before !== null && { before }) });
    let { lines } = page;
    const { newer } = page;
    while (page.unfinished && page.older !== null && lines.length < enough / 4 && !closed) {
      page = await upkeep.logs({ ...query, limit: enough, before: page.older });
      lines = [...page.lines, ...lines];
    }
    return { lines, older: page.older, newer };
  }

  function pause(): void {
    place += 1;
    turn.abort();
    setLive(false);
  }

  /** Lines are gathered for a frame, and when there are many for a tenth of a second: reading is slower than that. */
  async function followFrom(cursor: string): Promise<void> {
    turn.abort();
    turn = new AbortController();
    const { signal } = turn;
    setLive(true);
    let gathered: ApiLine[] = [];
    let newest = cursor;
    let scheduled = false;
    let many = false;
    const flush = () => {
      scheduled = false;
      if (signal.aborted) return;
      const lines = gathered;
      gathered = [];
      many = lines.length > MANY;
      setHeld((window) => append(window, lines, newest));
    };
    try {
      const { services, levels } = filter;
      const wanted = {
        kinds: ['logs' as const],
        ...(services.length > 0 && { services }),
        ...(levels.length > 0 && { levels }),
        cursor,
      };
      for await (const { cursor: at, events } of upkeep.events(wanted, signal)) {
        newest = at;
        for (const event of events) {
          if (event.type === 'logs') for (const line of event.lines) if (passes(line)) gathered.push(line);
          if (event.type === 'gap' && event.reason === 'behind')
            setGap(
              `${event.service} printed faster than could be shown: some lines are left out here. Scroll up past them to load all.`,
            );
          if (event.type === 'begin' && event.lost !== null) return void toEnd();
        }
        if (gathered.length > 0 && !scheduled) {
          scheduled = true;
          if (many) setTimeout(flush, 100);
          else requestAnimationFrame(flush);
        }
      }
    } catch (error) {
      if (!signal.aborted) setFailure(messageOf(error));
    }
    if (!signal.aborted) setLive(false);
  }

  /** Nothing is drawn on a hidden page: it goes on from where it was when it is seen again. */
  let wasLive = false;
  const onVisibility = () => {
    const cursor = newerCursor(held());
    if (document.hidden) {
      wasLive = live();
      if (wasLive) pause();
    } else if (wasLive && cursor !== null) followFrom(cursor);
  };
  document.addEventListener('visibilitychange', onVisibility);

  async function toEnd(): Promise<void> {
    pause();
    const mine = place;
    const page = await attempt(() => older(null, FIRST));
    if (page === null || !isStill(mine)) return;
    batch(() => {
      setHeld(begin(page));
      setGap('');
    });
    followFrom(page.newer);
  }

  async function loadOlder(): Promise<number> {
    const cursor = olderCursor(held());
    if (cursor === null || loading()) return 0;
    const mine = place;
    const page = await attempt(() => older(cursor, PAGE));
    if (page === null || !isStill(mine)) return 0;
    setHeld((window) => prepend(window, page.lines, page.older));
    return page.lines.length;
  }

  async function loadNewer(follows: boolean): Promise<void> {
    const cursor = newerCursor(held());
    if (cursor === null || loading() || live()) return;
    const mine = place;
    const page = await attempt(() => upkeep.logs({ ...query, limit: PAGE, after: cursor }));
    if (page === null || !isStill(mine)) return;
    if (page.reset) return toEnd();
    setHeld((window) => append(window, page.lines, page.newer));
    if (follows && !page.more) followFrom(page.newer);
  }

  /** What comes after a place, and some of what is before it; null: the beginning. */
  async function at(cursor: string | null, mine: number): Promise<boolean> {
    const pages = await attempt(async () => {
      const from = cursor === null ? { direction: 'forward' as const } : { after: cursor };
      const after = await upkeep.logs({ ...query, limit: PAGE, ...from });
      return { after, before: cursor === null ? null : await older(cursor, PAGE) };
    });
    if (pages === null || !isStill(mine)) return false;
    settle(pages.after, pages.before);
    return true;
  }

  async function toStart(): Promise<ApiLine | null | undefined> {
    if (!(await at(null, ++place))) return undefined;
    pause();
    return held().lines[0] ?? null;
  }

  async function around(
    time: number | string,
    id: string | null = null,
  ): Promise<ApiLine | null | undefined> {
    const mine = ++place;
    const pages = await attempt(async () => {
      let after = await upkeep.logs({ ...query, limit: PAGE, since: String(time), direction: 'forward' });
      // Thousands of lines may have the same time.
      for (let tries = 0; tries < PATIENT && isBefore(after, id, Number(time)); tries++)
        after = await upkeep.logs({ ...query, limit: LARGE, after: after.newer });
      const before = after.older === null ? null : await older(after.older, PAGE);
      return { after, before };
    });
    if (pages === null || !isStill(mine)) return undefined;
    settle(pages.after, pages.before);
    return pages.after.lines[0] ?? pages.before?.lines.at(-1) ?? null;
  }

  function settle(after: LogsPage, before: { lines: ApiLine[]; older: string | null } | null): void {
    pause();
    const window = begin({ lines: after.lines, older: after.older, newer: after.newer });
    setHeld(before === null ? window : prepend(window, before.lines, before.older));
    if (!after.more) followFrom(after.newer);
  }

  async function seek(
    direction: 'older' | 'newer',
    what: { grep?: string; levels?: Level[] },
  ): Promise<ApiLine | null | undefined> {
    const mine = ++place;
    let cursor = direction === 'older' ? olderCursor(held()) : newerCursor(held());
    while (cursor !== null) {
      const side = direction === 'older' ? { before: cursor } : { after: cursor };
      const from: string = cursor;
      const page = await attempt(() => upkeep.logs({ ...query, ...what, ...side, limit: 1 }));
      if (page === null || !isStill(mine)) return undefined;
      const [line] = page.lines;
      const end = direction === 'older' ? page.older : page.newer;
      if (line !== undefined) {
        await at(end, mine);
        return line;
      }
      if (!page.unfinished || end === from) return null;
      cursor = end;
    }
    return null;
  }

  return {
    lines: () => held().lines,
    live,
    loading,
    failure,
    gap,
    hasOlder: () => olderCursor(held()) !== null,
    toEnd,
    toStart,
    pause,
    loadOlder,
    loadNewer,
    around,
    seek,
    close() {
      closed = true;
      document.removeEventListener('visibilitychange', onVisibility);
      turn.abort();
    },
  };
}

/** Whether the line of that id is still to come. */
function isBefore({ lines, more }: LogsPage, id: string | null, time: number): boolean {
  if (id === null || !more || lines.some((line) => line.id === id)) return false;
  return (lines.at(-1)?.time ?? 0) <= time;
}
