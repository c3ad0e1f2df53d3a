/**
 * The log of one service: what its runs print into their spools becomes one visible file, each byte
 * once, whatever happens to the daemon (see `checkpoint.ts`), the disk or the file.
 *
 * A full disk or an unwritable folder stops it where it is: it says so, tries again each second while
 * something is pending, and goes on without loss. Nothing here throws into the daemon.
 */
import { StringDecoder } from 'node:string_decoder';
import { reach } from '../platform/reach.ts';
import { type Checkpoint, emptyCheckpoint, readCheckpoint } from './checkpoint.ts';
import { type Follower, follow, type Look } from './follower.ts';
import { homeAt } from './home.ts';
import { checkpointFile, visibleLog } from './layout.ts';
import { lineSplitter } from './line-splitter.ts';
import { CHUNK, openSpool, type Spool } from './spool.ts';
import { openVisibleLog } from './visible.ts';

export interface ServiceLogOptions {
  service: string;
  /** The workspace's folder: nothing is made in its place once it was removed. */
  root: string;
  /** Folder of visible logs: made when needed. */
  logDir: string;
  /** Folder of this service's index and checkpoint: `.upkeep/logs/<service>`. */
  indexDir: string;
  /** Bytes after which the visible log is rotated. */
  maxSize: number;
  /** Rotated files kept. */
  keep: number;
  /** Epoch ms. */
  clock: { now(): number };
  /** Each line, as it becomes visible. Costs a decoding of all output: leave it out when nobody reads. */
  onLine?: (line: string, run: number) => void;
  /**
   * A run prints faster than can be copied, so that its spool grows (true), until most of that is copied (false):
   * whoever can should have it pause meanwhile.
   */
  onFlood?: (run: number, floods: boolean) => void;
  /** The log cannot be written (why, in words), or can be again (null). */
  onProblem?: (message: string | null) => void;
}

export interface AttachOptions {
  /** All that this run prints: first what is visible already (its last MB), then what becomes visible. */
  onText?: (chunk: string) => void;
}

export interface ServiceLog {
  /**
   * Follows a run's spool, from the checkpoint when an earlier daemon had begun it. Several runs may be
   * attached at once; attaching one again adds a listener. The answer ends `onText`, which costs a
   * decoding of all output.
   */
  attach(run: number, spool: string, options?: AttachOptions): () => void;
  /**
   * The run has ended: consumes its spool to the end and removes it. Resolves when all is visible, or
   * when that has to wait for a problem to go away (it is then done later). Also for a run that ended
   * while no daemon was there: attach it first.
   */
  finish(run: number): Promise<void>;
  /** No run is attached that is not finished. */
  readonly isIdle: boolean;
  /** How large the visible log becomes (bytes), and how many old ones are kept. */
  limit(limits: Pick<ServiceLogOptions, 'maxSize' | 'keep'>): void;
  /** The daemon ends. Nothing is lost: the next one goes on. */
  close(): void;
}

interface Feed {
  run: number;
  spool: Spool;
  follower: Follower | null;
  /** Told of the bytes that became visible. */
  listeners: Set<(bytes: Buffer) => void>;
  flooding: boolean;
  /** Set once the run has ended. */
  ended: (() => void) | null;
}

/** Bytes of one service after which others have their turn. */
const TURN = 4 * 1024 * 1024;
/** Bytes of a spool that may wait to be copied before the run is said to flood, and that are few again. */
const FLOOD = 64 * 1024 * 1024;
const EBB = 4 * 1024 * 1024;
/** ms between tries while the log cannot be written. */
const RETRY = 1000;

export function createServiceLog(options: ServiceLogOptions): ServiceLog {
  const { service, clock } = options;
  const checkpoint = known(options.indexDir, options.logDir);
  const visible = openVisibleLog({
    ...options,
    path: visibleLog(options.logDir, service),
    home: homeAt(options.root),
    checkpoint,
  });
  const feeds = new Map<number, Feed>();
  const lines = new Map<number, ReturnType<typeof lineSplitter>>();
  let problem: string | null = null;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  const report = (message: string | null) => {
    if (message === problem) return;
    problem = message;
    options.onProblem?.(message);
  };

  /** Files are closed while nobody prints: see `visible.ts`. */
  const restWhenQuiet = (feed: Feed) => {
    feed.spool.checkSize();
    visible.rest();
  };

  const consume = (feed: Feed): Look => {
    let consumed = 0;
    while (consumed < TURN) {
      const chunk = feed.spool.next();
      const alone = feeds.size === 1;
      const wanted = chunk.length === 0 || alone ? chunk.length : wholeLines(feed, chunk);
      if (wanted === 0) {
        if (consumed > 0) settle(feed);
        if (chunk.length > 0) return 'something';
        if (feed.flooding) watchFlood(feed);
        if (consumed === 0) restWhenQuiet(feed);
        return consumed === 0 ? 'nothing' : 'something';
      }
      appendAll(feed, chunk.subarray(0, wanted));
      consumed += wanted;
      // To go on at once would be to run after a server that prints, a few lines at a time.
      if (chunk.length < CHUNK) break;
    }
    settle(feed);
    watchFlood(feed);
    return consumed < TURN ? 'something' : 'more';
  };

  /** Of several chunks, each but the last is counted by what is saved before the next one: saving costs as much as copying. */
  const settle = (feed: Feed) => {
    visible.commit();
    feed.spool.trim();
  };

  const watchFlood = (feed: Feed) => {
    const backlog = feed.spool.backlog();
    if (feed.flooding ? backlog > EBB : backlog <= FLOOD) return;
    feed.flooding = !feed.flooding;
    options.onFlood?.(feed.run, feed.flooding);
  };

  const appendAll = (feed: Feed, bytes: Buffer) => {
    const time = Math.min(clock.now(), feed.spool.writtenAt());
    let done = 0;
    while (done < bytes.length) {
      const count = visible.append(feed.run, bytes.subarray(done), time);
      feed.spool.mark.offset += count;
      for (const tell of feed.listeners) tell(bytes.subarray(done, done + count));
      done += count;
    }
    report(null);
  };

  const look = (feed: Feed): Look => {
    if (closed) return 'stuck';
    try {
      return consume(feed);
    } catch (error) {
      fail(error);
      return 'stuck';
    }
  };

  const fail = (error: unknown) => {
    try {
      visible.rest();
    } catch {
      // The first failure is the one to tell.
    }
    report(`The log of ${service} cannot be written: ${error instanceof Error ? error.message : error}`);
    retry ??= setTimeout(() => {
      retry = null;
      for (const feed of feeds.values()) proceed(feed);
    }, RETRY);
  };

  const proceed = (feed: Feed) => {
    if (feed.ended === null) feed.follower?.wake();
    else drain(feed);
  };

  const drain = (feed: Feed) => {
    const found = look(feed);
    if (found === 'nothing') conclude(feed);
    else if (found === 'stuck') feed.ended?.();
    else setImmediate(drain, feed);
  };

  /** The checkpoint forgets the run after its spool is gone: until then it says that all was consumed. */
  const conclude = (feed: Feed) => {
    try {
      feed.spool.remove();
      reach('spool-removed');
      delete checkpoint.runs[feed.run];
      visible.commit();
      if (feeds.size === 1) visible.rest();
    } catch (error) {
      report(`The log of ${service} cannot be finished: ${error instanceof Error ? error.message : error}`);
    }
    feeds.delete(feed.run);
    lines.get(feed.run)?.end();
    lines.delete(feed.run);
    feed.ended?.();
  };

  const open = (run: number, path: string): Feed => {
    const spool = openSpool(path, checkpoint.runs[run]);
    checkpoint.runs[run] = spool.mark;
    const feed: Feed = { run, spool, follower: null, listeners: new Set(), flooding: false, ended: null };
    feeds.set(run, feed);
    feed.follower = follow(spool.watched, () => look(feed));
    if (options.onLine !== undefined) tellLines(feed, options.onLine);
    return feed;
  };

  const tellLines = (feed: Feed, onLine: (line: string, run: number) => void) => {
    const splitter = lineSplitter((line) => onLine(line, feed.run));
    lines.set(feed.run, splitter);
    feed.listeners.add(decoding(splitter.push));
  };

  return {
    attach(run, path, { onText } = {}) {
      try {
        const feed = feeds.get(run) ?? open(run, path);
        return onText === undefined ? () => {} : listen(feed, onText);
      } catch (error) {
        report(`What ${service} prints cannot be read: ${error instanceof Error ? error.message : error}`);
        return () => {};
      }
    },
    finish(run) {
      const feed = feeds.get(run);
      if (feed === undefined || closed) return Promise.resolve();
      feed.follower?.stop();
      return new Promise((resolve) => {
        feed.ended = resolve;
        drain(feed);
      });
    },
    get isIdle() {
      return feeds.size === 0;
    },
    limit: visible.limit,
    close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      for (const feed of feeds.values()) {
        feed.follower?.stop();
        feed.spool.close();
        feed.ended?.();
      }
      try {
        visible.rest();
      } catch {
        // A descriptor that cannot be closed goes with the process.
      }
    },
  };
}

function known(indexDir: string, logDir: string): Checkpoint {
  return readCheckpoint(checkpointFile(indexDir, logDir)) ?? emptyCheckpoint(logDir);
}

function wholeLines(feed: Feed, chunk: Buffer): number {
  return feed.spool.wholeLines(chunk, feed.ended !== null);
}

/** In a turn of its own: the listener's owner holds the undo by then. */
function listen(feed: Feed, onText: (chunk: string) => void): () => void {
  const tell = decoding(onText);
  const immediate = setImmediate(() => {
    const before = feed.spool.consumed();
    feed.listeners.add(tell);
    if (before.length > 0) tell(before);
  });
  return () => {
    clearImmediate(immediate);
    feed.listeners.delete(tell);
  };
}

/** A character may be cut between two chunks. */
function decoding(onText: (chunk: string) => void): (bytes: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  return (bytes) => onText(decoder.write(bytes));
}
