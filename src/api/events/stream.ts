/**
 * The event stream: batches of what has happened, as fast as the reader takes them. Nothing is kept for a slow
 * reader: it is read from the files when it asks, and who is too far behind is told what was left out.
 */
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ApiEvent, EventBatch, EventKind, EventsQuery } from '../../contract/api/events.ts';
import type { StatusReport } from '../../contract/status.ts';
import { watchFolder } from '../../logs/watch-folder.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Sampler } from '../sampler.ts';
import { journalSource } from './journal-source.ts';
import { logsSource } from './logs-source.ts';
import { statusSource } from './status-source.ts';

/** ms that happenings are gathered into one batch. */
const GATHER = 30;
/** ms between looks at what nobody tells of: that the daemon has died with its guard, that a port is silent. */
const LOOK = 5000;

export interface StreamWorld {
  root: string;
  logDir(): string;
  /** Throws UserError for selectors that match nothing. */
  select(selectors: string[] | undefined): string[];
  status(): Promise<StatusReport>;
  sampler: Sampler;
}

/** Ends when the signal is aborted. Throws UserError for a query that makes no sense, before the first batch. */
export async function* eventStream(
  world: StreamWorld,
  query: EventsQuery,
  signal: AbortSignal,
): AsyncGenerator<EventBatch> {
  const kinds = new Set<EventKind>(query.kinds ?? ['status', 'journal']);
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
  const selectors = query.services?.length ? query.services : undefined;
  let services = world.select(selectors);
  const { own, journal: journalPath, snapshot, daemon, config } = workspacePaths(world.root);
  const bell = createBell(signal);
  const pending: ApiEvent[] = [];
  let statusAsked = false;
  let statusBusy = false;

  const journal = kinds.has('journal')
    ? journalSource(journalPath, cursor?.journal ?? null, () =>
        selectors === undefined ? null : new Set(services),
      )
    : null;
  const logs = kinds.has('logs')
    ? logsSource(
        { root: world.root, logDir: world.logDir() },
        services,
        cursor?.logs ?? new Map(),
        query.levels?.length ? new Set(query.levels) : null,
        bell.ring,
      )
    : null;
  const undos: (() => void)[] = [];
  try {
    undos.push(
      watchFolder(own, (name) => {
        if (name === null || [snapshot, daemon, config].some((path) => basename(path) === name))
          statusAsked = true;
        if (name === null || name === basename(config))
          services = reselected(world, selectors, services, logs);
        if (statusAsked || name === basename(journalPath)) bell.ring();
      }),
    );
    const first = kinds.has('status') ? await world.status() : null;
    const status = first === null ? null : statusSource(first);
    if (kinds.has('metrics'))
      undos.push(
        world.sampler.follow((sample) => {
          // A slow reader gets the newest one only.
          const old = pending.findIndex(({ type }) => type === 'metrics');
          if (old >= 0) pending.splice(old, 1);
          pending.push({ type: 'metrics', sample });
          bell.ring();
        }),
      );
    if (status !== null) {
      const timer = setInterval(() => {
        statusAsked = true;
        bell.ring();
      }, LOOK);
      undos.push(() => clearInterval(timer));
    }
    const here = () =>
      writeCursor({
        journal: journal?.position() ?? cursor?.journal ?? null,
        logs: logs?.positions() ?? cursor?.logs ?? new Map(),
      });
    const lookAtStatus = async () => {
      if (status === null || statusBusy) return;
      statusAsked = false;
      statusBusy = true;
      try {
        pending.push(...status.change(await world.status()));
      } catch {
        // The configuration is broken and no daemon runs: what was known stands until it is mended.
      } finally {
        statusBusy = false;
      }
    };

    yield {
      cursor: here(),
      events: [{ type: 'begin', resumed: cursor !== null, lost: null, status: first }],
    };
    bell.ring();
    while (!signal.aborted) {
      await bell.heard();
      if (signal.aborted) return;
      if (statusAsked) await lookAtStatus();
      const read = [logs?.take(), journal?.take()].filter((each) => each !== undefined);
      const events = [...read.flatMap((each) => each.events), ...pending.splice(0)];
      if (read.some(({ more }) => more)) bell.ring();
      if (events.length > 0) yield { cursor: here(), events };
      await bell.pause(read.some(({ more }) => more) ? 0 : GATHER);
    }
  } finally {
    for (const undo of undos) undo();
    journal?.close();
    logs?.close();
    bell.close();
  }
}

/** The services that are meant now: the configuration has changed. */
function reselected(
  world: StreamWorld,
  selectors: string[] | undefined,
  before: string[],
  logs: { follow(services: string[]): void } | null,
): string[] {
  try {
    const now = world.select(selectors);
    logs?.follow(now);
    return now;
  } catch {
    return before;
  }
}

interface Bell {
  ring(): void;
  /** Resolves when it has been rung since the last time, or the signal is aborted. */
  heard(): Promise<void>;
  pause(ms: number): Promise<void>;
  close(): void;
}

function createBell(signal: AbortSignal): Bell {
  let rung = false;
  let wake = () => {};
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  return {
    ring() {
      rung = true;
      wake();
    },
    async heard() {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      rung = false;
    },
    // Aborted: the loop sees that by itself.
    pause: (ms) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
    close: () => signal.removeEventListener('abort', onAbort),
  };
}
