/** Each file that Node's `fs` is about to open for reading, in this thread. */
import { binding, type Native, replace, withoutFrame } from './bindings.ts';

/**
 * How it is opened. Node's loaders use `sync`, and on 18 to 22 `promise`; never `callback`.
 */
export type OpenMode = 'sync' | 'promise' | 'callback';

export interface OpenWatcher {
  /** Before it is opened; whether it exists is not known. True: its text is wanted. */
  opening(path: string, mode: OpenMode): boolean;
  /** The text that was wanted, where it was read in one go; may be long. */
  text(path: string, text: string): void;
}

/** Undone by what it hands back; null when this Node does not let us. */
export function watchOpens(watcher: OpenWatcher): (() => void) | null {
  const fs = binding('fs');
  if (fs === null) return null;
  const undo = [
    replace(fs, 'open', (original) => watchOpen(original, watcher)),
    replace(fs, 'openFileHandle', (original) => watchHandle(original, watcher)),
    replace(fs, 'readFileUtf8', (original) => watchText(original, watcher)),
    watchJobs(fs, watcher),
  ];
  if (undo[0] === null || undo[1] === null) {
    for (const one of undo) one?.();
    return null;
  }
  return () => {
    for (const one of undo) one?.();
  };
}

/** Flags of open(2): O_WRONLY is 1, O_RDWR is 2, on every system that we run on. */
const readsOnly = (flags: unknown) => typeof flags === 'number' && (flags & 3) === 0;

/** `open(path, flags, mode[, request][, context])`; without a request it is the synchronous one. */
function watchOpen(original: Native, watcher: OpenWatcher): Native {
  return function open(this: unknown, ...args: unknown[]) {
    const [path, flags, , request] = args;
    if (typeof path === 'string' && readsOnly(flags)) {
      see(watcher, path, request === undefined ? 'sync' : 'callback');
    }
    try {
      return Reflect.apply(original, this, args);
    } catch (error) {
      throw withoutFrame(error, open);
    }
  };
}

/** `openFileHandle(path, flags, mode, usePromises)` */
function watchHandle(original: Native, watcher: OpenWatcher): Native {
  return function openFileHandle(this: unknown, ...args: unknown[]) {
    const [path, flags] = args;
    if (typeof path === 'string' && readsOnly(flags)) see(watcher, path, 'promise');
    try {
      return Reflect.apply(original, this, args);
    } catch (error) {
      throw withoutFrame(error, openFileHandle);
    }
  };
}

/** `new ReadFileJob(…).run(path)`, from Node 26: `readFile` by callback or promise, in one go. */
function watchJobs(fs: Record<string, unknown>, watcher: OpenWatcher): (() => void) | null {
  const { ReadFileJob: job } = fs as { ReadFileJob?: { prototype: Record<string, unknown> } };
  if (job === undefined) return null;
  return replace(job.prototype, 'run', (original) => {
    return function run(this: unknown, ...args: unknown[]) {
      const [path] = args;
      if (typeof path === 'string') see(watcher, path, 'callback');
      return Reflect.apply(original, this, args);
    };
  });
}

/** `readFileUtf8(path or descriptor, flags)`, from Node 20: the whole file in one call. */
function watchText(original: Native, watcher: OpenWatcher): Native {
  return function readFileUtf8(this: unknown, ...args: unknown[]) {
    const [path] = args;
    const isWanted = typeof path === 'string' && see(watcher, path, 'sync');
    let text: unknown;
    try {
      text = Reflect.apply(original, this, args);
    } catch (error) {
      throw withoutFrame(error, readFileUtf8);
    }
    if (isWanted && typeof text === 'string') {
      try {
        watcher.text(path, text);
      } catch {
        // The app gets its text.
      }
    }
    return text;
  };
}

function see(watcher: OpenWatcher, path: string, mode: OpenMode): boolean {
  try {
    return watcher.opening(path, mode);
  } catch {
    // The app's call goes on.
    return false;
  }
}
