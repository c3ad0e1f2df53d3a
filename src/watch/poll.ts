/**
 * When the kernel has no more watches to give: look at the files concerned once a second, and try each time
 * whether a watch can be had again. Nothing runs while no folder needs it.
 */
import path from 'node:path';
import { stampsOf } from './versions.ts';

export interface Poll {
  /** Looks after a folder that could not be watched because of `code`. Returns the undo. */
  folder(folder: string, code: string): () => void;
  /** A file to look at whenever its folder is looked after. Returns the undo. */
  file(file: string): () => void;
  close(): void;
}

export interface PollOptions {
  after(ms: number, then: () => void): () => void;
  /** A file or folder has other stamps than at the last look. */
  changed(file: string): void;
  /** Tries to watch the folder again; false: still impossible. */
  retry(folder: string): boolean;
  /** The reason why folders are polled; null: none is any more. */
  onPolling(code: string | null): void;
}

/** ms between two looks. */
const INTERVAL = 1000;

export function createPoll({ after, changed, retry, onPolling }: PollOptions): Poll {
  /** Files by folder, each with the number of those who asked. */
  const files = new Map<string, Map<string, number>>();
  const folders = new Set<string>();
  const stamps = new Map<string, string>();
  let stop: (() => void) | null = null;

  function look(): void {
    stop = null;
    const polled = [...folders];
    for (const each of polled.flatMap(contents)) compare(each);
    // One failure tells that the rest would fail as well.
    polled.every((folder) => !folders.has(folder) || retry(folder));
    if (folders.size > 0) stop ??= after(INTERVAL, look);
    else end();
  }

  function contents(folder: string): string[] {
    return [folder, ...(files.get(folder)?.keys() ?? [])];
  }

  function compare(file: string): void {
    const before = stamps.get(file);
    const now = stampsOf(file);
    stamps.set(file, now);
    if (before !== undefined && before !== now) changed(file);
  }

  function end(): void {
    stamps.clear();
    onPolling(null);
  }

  return {
    folder(folder, code) {
      if (folders.size === 0) onPolling(code);
      folders.add(folder);
      // Earlier stamps stay: whatever changed while a watch was tried again shows at the next look.
      for (const each of contents(folder)) if (!stamps.has(each)) stamps.set(each, stampsOf(each));
      stop ??= after(INTERVAL, look);
      return () => folders.delete(folder);
    },
    file(file) {
      const folder = path.dirname(file);
      const siblings = files.get(folder) ?? new Map<string, number>();
      files.set(folder, siblings.set(file, (siblings.get(file) ?? 0) + 1));
      if (folders.has(folder)) stamps.set(file, stampsOf(file));
      return () => {
        const count = (siblings.get(file) ?? 0) - 1;
        if (count > 0) siblings.set(file, count);
        else siblings.delete(file);
        if (siblings.size === 0 && files.get(folder) === siblings) files.delete(folder);
      };
    },
    close() {
      stop?.();
      folders.clear();
      stamps.clear();
    },
  };
}
