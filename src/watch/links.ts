/**
 * Symbolic links: a change of what a link points at is a change of the link's own path.
 *
 * The folder of a target is held, so that its events arrive; a target may be a link itself.
 */
import fs from 'node:fs';
import path from 'node:path';

export interface Links {
  /** Follows this path if it is (or becomes) a link. Counted: each `track` needs its `untrack`. */
  track(file: string): void;
  untrack(file: string): void;
  /** The path was replaced: it may be another link now, or none. */
  refresh(file: string): void;
  /** The tracked links that point at this path. */
  to(target: string): string[];
  /** The tracked links that point at something directly in one of these folders. */
  into(folders: ReadonlySet<string>): string[];
}

interface Tracked {
  count: number;
  target: string | null;
  undo: () => void;
}

export function createLinks(hold: (folder: string) => () => void): Links {
  const tracked = new Map<string, Tracked>();
  const byTarget = new Map<string, Set<string>>();

  function point(link: string, entry: Tracked): void {
    const target = targetOf(link);
    if (target === entry.target) return;
    const release = detach(link, entry);
    if (target !== null) attach(link, entry, target);
    release();
  }

  function attach(link: string, entry: Tracked, target: string): void {
    entry.target = target;
    const others = byTarget.get(target) ?? new Set();
    byTarget.set(target, others.add(link));
    const undo = hold(path.dirname(target));
    track(target);
    entry.undo = () => {
      untrack(target);
      undo();
    };
  }

  function detach(link: string, entry: Tracked): () => void {
    const { target, undo } = entry;
    if (target === null) return undo;
    const others = byTarget.get(target);
    others?.delete(link);
    if (others?.size === 0) byTarget.delete(target);
    entry.target = null;
    entry.undo = () => {};
    return undo;
  }

  function track(file: string): void {
    const known = tracked.get(file);
    if (known) {
      known.count++;
      return;
    }
    const entry: Tracked = { count: 1, target: null, undo: () => {} };
    tracked.set(file, entry);
    point(file, entry);
  }

  function untrack(file: string): void {
    const entry = tracked.get(file);
    if (!entry || --entry.count > 0) return;
    tracked.delete(file);
    detach(file, entry)();
  }

  return {
    track,
    untrack,
    refresh(file) {
      const entry = tracked.get(file);
      if (entry) point(file, entry);
    },
    to: (target) => [...(byTarget.get(target) ?? [])],
    into: (folders) =>
      [...byTarget].flatMap(([target, links]) => (folders.has(path.dirname(target)) ? [...links] : [])),
  };
}

/** Where a link points, absolute, one step; null: not a link. */
function targetOf(file: string): string | null {
  try {
    if (!fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return null;
    return path.resolve(fs.realpathSync(path.dirname(file)), fs.readlinkSync(file));
  } catch {
    return null;
  }
}
