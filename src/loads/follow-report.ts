/**
 * Following the report of a running service.
 *
 *   idle --event of the watch--> reading, a bounded piece a turn --nothing more--> a pause --> idle
 *
 * An idle report costs one watch and one descriptor. The descriptor is kept, so that a run whose folder
 * is deleted goes on to be understood: its processes write on into the same file.
 */

import { type FSWatcher, watch } from 'node:fs';
import type { ReportLine } from '../contract/report.ts';
import { monotonic } from '../platform/monotonic.ts';
import { openReport } from './report-file.ts';

/** ms between two looks, in which lines may gather: a starting service writes one a file, and somebody waits for the last. */
const PAUSE = 1;
/** ms between looks when the kernel has no watches left. */
const UNWATCHED_POLL = 500;
/** Bytes that are taken apart in one turn: about 2 ms. */
const TURN = 64 * 1024;
/** Bytes that `readNow` takes apart at most. */
const NOW = 8 * 1024 * 1024;

export interface ReportFollower {
  /** Reads what is there at once: before something is decided by it. */
  readNow(): void;
  stop(): void;
}

/**
 * Lines that are there and lines to come; the first ones after the caller's own turn. What is no line is left out.
 * `onCut`: the report is longer than is read, and is not followed any further. Without a file nothing ever comes.
 */
export function followReport(
  path: string,
  onLine: (line: ReportLine) => void,
  onCut: () => void = () => {},
): ReportFollower {
  const file = openReport(path, onLine);
  if (file === null) return { readNow() {}, stop() {} };
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let immediate: NodeJS.Immediate | null = null;
  let stopped = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const stop = () => {
    if (stopped) return;
    stopped = true;
    watcher?.close();
    if (timer !== null) clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
    file.close();
  };

  const read = (budget: number) => {
    timer = immediate = null;
    if (stopped) return;
    lookedAt = monotonic();
    const end = file.read(budget);
    if (stopped) return;
    if (end === 'cut') {
      stop();
      onCut();
    } else if (end === 'more') immediate = setImmediate(read, TURN);
    else if (watcher === null) later(UNWATCHED_POLL);
  };

  const later = (ms: number) => {
    if (timer === null && immediate === null) timer = setTimeout(read, ms, TURN).unref();
  };

  const soon = () => {
    const rest = lookedAt + PAUSE - monotonic();
    if (rest > 0) later(rest);
    else if (timer === null && immediate === null) read(TURN);
  };

  const unwatched = () => {
    watcher?.close();
    watcher = null;
    if (!stopped) later(UNWATCHED_POLL);
  };

  try {
    watcher = watch(path, { persistent: false }, soon);
    watcher.on('error', unwatched);
  } catch {
    // Removed meanwhile, or no watches left: it is looked at now and then.
  }
  // After the watch is set, so that no line comes in between.
  immediate = setImmediate(read, TURN);
  return {
    readNow() {
      if (timer !== null) clearTimeout(timer);
      if (immediate !== null) clearImmediate(immediate);
      read(NOW);
    },
    stop,
  };
}
