/** Log lines of the services that are followed, each with its own place. */
import type { ApiEvent } from '../../contract/api/events.ts';
import type { ApiLine, Level } from '../../contract/api/logs.ts';
import { readCheckpoint } from '../../logs/checkpoint.ts';
import { remembering, visibleEnd } from '../../logs/history.ts';
import { checkpointFile, indexFile, indexFolder, visibleLog } from '../../logs/layout.ts';
import { lineText } from '../../logs/lines.ts';
import { openTail, type Position, type Tail, type TailRead } from '../../logs/tail.ts';
import { readTimeIndex } from '../../logs/time-index.ts';
import { watchFolder } from '../../logs/watch-folder.ts';
import { emptyCursor, writeCursor } from '../cursor.ts';
import { apiLine } from '../line.ts';
import { isWanted } from '../logs-page.ts';
import type { Source } from './source.ts';

/** ms until the end of an append is looked for again, and how often: a daemon that was killed never ends it. */
const SETTLE = 25;
/** So many looks at an unfinished line, and it is told as it is: a prompt, or last words. */
const FLUSH_AFTER = 12;
/** Lines told at once. */
const MOST_LINES = 2000;

interface Place {
  root: string;
  logDir: string;
}

interface Followed {
  tail: Tail;
  looks: number;
}

export interface LogsSource extends Source {
  positions(): Map<string, Position>;
  /** The services that are to be followed from now on. */
  follow(services: string[]): void;
}

/** `known`: where to go on; other services begin now. `onNews`: there may be something to take. */
export function logsSource(
  place: Place,
  services: string[],
  known: Map<string, Position>,
  levels: Set<Level> | null,
  onNews: () => void,
): LogsSource {
  const followed = new Map<string, Followed>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;

  const open = (service: string, from: Position | 'end') => {
    const checkpoint = checkpointFile(indexFolder(place.root, service), place.logDir);
    const tail = openTail(visibleLog(place.logDir, service), {
      from,
      endOf: (file) => visibleEnd(file, readCheckpoint(checkpoint)),
    });
    followed.set(service, { tail, looks: 0 });
    changed.add(service);
  };

  for (const service of services) open(service, known.get(service) ?? 'end');

  const unwatch = watchFolder(place.logDir, (name) => {
    const service = name?.replace(/\.log(?:\.\d+)?$/, '');
    if (service === undefined) for (const each of followed.keys()) changed.add(each);
    else if (followed.has(service)) changed.add(service);
    else return;
    onNews();
  });

  const lookAgain = () => {
    timer ??= setTimeout(() => {
      timer = null;
      onNews();
    }, SETTLE);
  };

  /** One service's part of a batch. */
  const takeOf = (service: string, room: number): { events: ApiEvent[]; count: number; more: boolean } => {
    const each = followed.get(service);
    if (each === undefined) return { events: [], count: 0, more: false };
    const read = each.tail.read(each.looks >= FLUSH_AFTER);
    each.looks = read.unsettled && read.lines.length === 0 ? each.looks + 1 : 0;
    if (read.unsettled && each.looks <= FLUSH_AFTER) lookAgain();
    const keeps = read.more || (read.unsettled && each.looks <= FLUSH_AFTER);
    if (!keeps) changed.delete(service);
    const lines = apiLines(place, service, read).filter((line) => isWanted(line, levels));
    const gap = gapEvent(service, read);
    const events: ApiEvent[] = [...gap, ...(lines.length > 0 ? [{ type: 'logs' as const, lines }] : [])];
    return { events, count: room - lines.length, more: read.more };
  };

  return {
    take() {
      const events: ApiEvent[] = [];
      let room = MOST_LINES;
      let more = false;
      for (const service of [...changed]) {
        if (room <= 0) return { events: mergeLogs(events), more: true };
        const taken = takeOf(service, room);
        events.push(...taken.events);
        room = taken.count;
        more ||= taken.more;
      }
      return { events: mergeLogs(events), more };
    },
    positions: () => new Map([...followed].map(([service, { tail }]) => [service, tail.position()])),
    follow(now) {
      for (const [service, { tail }] of followed) {
        if (now.includes(service)) continue;
        tail.close();
        followed.delete(service);
        changed.delete(service);
      }
      // It is new: what it has printed by now is told too.
      for (const service of now) if (!followed.has(service)) open(service, { file: '', offset: 0 });
    },
    close() {
      unwatch();
      if (timer !== null) clearTimeout(timer);
      for (const { tail } of followed.values()) tail.close();
    },
  };
}

function apiLines({ root }: Place, service: string, { lines }: TailRead): ApiLine[] {
  let ino = 0;
  let stretchAt: ReturnType<typeof remembering> = () => null;
  return lines.map((line) => {
    if (line.ino !== ino) {
      ino = line.ino;
      stretchAt = remembering(readTimeIndex(indexFile(indexFolder(root, service), ino)));
    }
    const stretch = stretchAt(line.at.offset);
    const text = lineText([line.bytes]);
    return apiLine({ service, run: stretch?.run ?? null, time: stretch?.time ?? Date.now(), text }, line.at);
  });
}

function gapEvent(service: string, { gap }: TailRead): ApiEvent[] {
  if (gap === null) return [];
  const after =
    gap.from === null ? null : writeCursor({ ...emptyCursor(), logs: new Map([[service, gap.from]]) });
  return [{ type: 'gap', service, reason: gap.reason, bytes: gap.bytes, after }];
}

/** Lines of several services in one event, by time; gaps stay before the lines that come after them. */
function mergeLogs(events: ApiEvent[]): ApiEvent[] {
  const gaps = events.filter(({ type }) => type === 'gap');
  const lines = events.flatMap((event) => (event.type === 'logs' ? event.lines : []));
  // A stable sort: lines of one service that were seen at the same time keep their order.
  lines.sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
  return lines.length === 0 ? gaps : [...gaps, { type: 'logs', lines }];
}
