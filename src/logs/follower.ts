/**
 * When to look at a file that somebody else appends to.
 *
 *   watching --event--> polling each 50 ms --nothing found twice--> watching
 *
 * An idle file costs an inotify watch and nothing else. An active one is polled, since a watch
 * would call for each write (1.7 s of CPU per million). After the watch is set again the file is looked
 * at once more: what was written in between is found, no wake-up is lost.
 */
import { type FSWatcher, watch } from 'node:fs';

/** What a look found: nothing; something; so much that the rest has to wait for others; no way to go on. */
export type Look = 'nothing' | 'something' | 'more' | 'stuck';

export interface Follower {
  /** Look now, then go on as usual. Needed after `stuck`. */
  wake(): void;
  stop(): void;
}

/** ms between looks at an active file. */
const POLL = 50;
/** ms between looks at a file that cannot be watched: no inotify watches left; or no inotify, and it was removed. */
const UNWATCHED_POLL = 500;
const QUIET_LOOKS = 2;

/** The first look comes after the caller's own turn, so that it holds the follower by then. `look` must not throw. */
export function follow(path: string, look: () => Look): Follower {
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let immediate: NodeJS.Immediate | null = null;
  let quiet = 0;
  let stopped = false;

  const disarm = () => {
    watcher?.close();
    if (timer !== null) clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
    watcher = timer = immediate = null;
  };

  const arm = () => {
    try {
      watcher = watch(path, wake);
      watcher.on('error', unwatched);
    } catch {
      unwatched();
    }
  };

  const unwatched = () => {
    disarm();
    if (!stopped) timer = setTimeout(turn, UNWATCHED_POLL);
  };

  const turn = () => {
    timer = immediate = null;
    const found = look();
    if (stopped || found === 'stuck') return;
    quiet = found === 'nothing' ? quiet + 1 : 0;
    if (found === 'more') immediate = setImmediate(turn);
    else if (quiet < QUIET_LOOKS) timer = setTimeout(turn, POLL);
    else rest();
  };

  const rest = () => {
    arm();
    const found = look();
    if (stopped || found === 'nothing') return;
    disarm();
    quiet = 0;
    if (found === 'more') immediate = setImmediate(turn);
    else if (found === 'something') timer = setTimeout(turn, POLL);
  };

  const wake = () => {
    if (stopped) return;
    disarm();
    quiet = 0;
    turn();
  };

  immediate = setImmediate(turn);
  return {
    wake,
    stop() {
      stopped = true;
      disarm();
    },
  };
}
