/** One reading of a report for all who follow it at the same time. */
import type { ReportLine } from '../contract/report.ts';
import { followReport, type ReportFollower } from './follow-report.ts';

interface Listener {
  onLine(line: ReportLine): void;
  onCut(): void;
}

interface Shared {
  follower: ReportFollower;
  listeners: Set<Listener>;
  /** A line has been handed on: who comes now would miss it. */
  hasBegun: boolean;
}

const followed = new Map<string, Shared>();

/** As `followReport`. Who begins in the same turn as another shares its watch and its descriptor. */
export function shareReport(
  path: string,
  onLine: (line: ReportLine) => void,
  onCut: () => void = () => {},
): ReportFollower {
  const known = followed.get(path);
  const shared = known === undefined || known.hasBegun ? begin(path) : known;
  const listener = { onLine, onCut };
  shared.listeners.add(listener);
  return {
    readNow: () => shared.follower.readNow(),
    stop() {
      shared.listeners.delete(listener);
      if (shared.listeners.size > 0) return;
      shared.follower.stop();
      if (followed.get(path) === shared) followed.delete(path);
    },
  };
}

function begin(path: string): Shared {
  const listeners = new Set<Listener>();
  const shared: Shared = {
    listeners,
    hasBegun: false,
    follower: followReport(
      path,
      (line) => {
        shared.hasBegun = true;
        for (const each of [...listeners]) if (listeners.has(each)) each.onLine(line);
      },
      () => {
        for (const each of [...listeners]) each.onCut();
      },
    ),
  };
  followed.set(path, shared);
  return shared;
}
