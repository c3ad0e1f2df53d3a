/**
 * The files that one glob names, found folder by folder: each folder is held (and so watched) before it is
 * listed, so that what is written into a new folder meanwhile is seen by the one or by the other.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Pattern } from './globs.ts';
import { isJunkFile, isJunkFolder } from './ignore.ts';

export interface TreeHost {
  /** Watches a folder for this tree. Returns the undo. */
  enter(folder: string, tree: Tree): () => void;
  /** Whether the service ignores this path. */
  ignores(file: string): boolean;
  /** A matching file. `early`: the first walk is not over, so it may have been there all along. */
  found(file: string, early: boolean): void;
  later(job: () => void): void;
}

export interface Tree {
  /** Looks again at a folder and everything below it. */
  scan(folder: string): void;
  /** Something happened to a path directly in one of this tree's folders. */
  see(file: string, moved: boolean): void;
  close(): void;
}

type Kind = 'file' | 'folder' | 'link' | 'none';

export function createTree(pattern: Pattern, host: TreeHost): Tree {
  const entered = new Map<string, () => void>();
  const queued = new Set<string>();
  /** Folders reached by links, by real path: each is walked under one name, or circles would never end. */
  const linked = new Map<string, string>();
  let early = true;
  let closed = false;
  const tree: Tree = { scan, see, close };

  function scan(folder: string): void {
    if (queued.has(folder)) return;
    queued.add(folder);
    host.later(() => {
      queued.delete(folder);
      if (closed) return;
      walk(folder);
      if (queued.size === 0) early = false;
    });
  }

  function walk(folder: string): void {
    if (!entered.has(folder)) entered.set(folder, host.enter(folder, tree));
    const entries = list(folder);
    if (entries === null) lost(folder);
    else placeAll(folder, entries);
  }

  function placeAll(folder: string, entries: fs.Dirent[]): void {
    // Links last: a folder reachable both ways goes by its own name.
    const links = entries.filter((entry) => entry.isSymbolicLink());
    const others = entries.filter((entry) => !entry.isSymbolicLink());
    for (const entry of [...others, ...links]) place(path.join(folder, entry.name), kindOf(entry));
  }

  function place(file: string, kind: Kind): void {
    if (kind === 'link') placeLink(file);
    else if (kind === 'folder' && descends(file)) scan(file);
    else if (kind === 'file' && names(file)) host.found(file, early);
  }

  function placeLink(file: string): void {
    const kind = kindBehind(file);
    if (kind === 'folder' && descends(file) && !isCircle(file)) scan(file);
    if (kind === 'file') place(file, kind);
  }

  function see(file: string, moved: boolean): void {
    if (!moved && !names(file)) return;
    if (!names(file) && !descends(file)) return;
    const kind = kindAt(file);
    if (kind === 'none') leave(file);
    else place(file, kind);
  }

  /** A folder that is none (any more). The base stays entered: it may come back, or be a single file. */
  function lost(folder: string): void {
    if (folder !== pattern.base) {
      leave(folder);
      return;
    }
    for (const each of [...entered.keys()]) if (each !== folder) leave(each);
    if (kindBehind(folder) === 'file' && pattern.matches('') && !host.ignores(folder))
      host.found(folder, early);
  }

  function leave(folder: string): void {
    for (const [each, undo] of entered) {
      if (!isWithin(folder, each)) continue;
      entered.delete(each);
      undo();
    }
    for (const [real, link] of linked) if (isWithin(folder, link)) linked.delete(real);
  }

  function names(file: string): boolean {
    const below = path.relative(pattern.base, file);
    return !isJunkFile(path.basename(file)) && pattern.matches(below) && !host.ignores(file);
  }

  function descends(folder: string): boolean {
    if (isJunkFolder(path.basename(folder))) return false;
    return path.relative(pattern.base, folder).split('/').length <= pattern.depth && !host.ignores(folder);
  }

  function isCircle(link: string): boolean {
    const real = fs.realpathSync(link);
    const at = fs.realpathSync(path.dirname(link));
    if (at === real || at.startsWith(`${real}/`)) return true;
    const first = linked.get(real) ?? link;
    linked.set(real, first);
    return first !== link;
  }

  function close(): void {
    closed = true;
    for (const undo of entered.values()) undo();
    entered.clear();
  }

  scan(pattern.base);
  return tree;
}

function isWithin(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function list(folder: string): fs.Dirent[] | null {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}

function kindOf(entry: fs.Dirent | fs.Stats): Kind {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'none';
}

function kindAt(file: string): Kind {
  try {
    return kindOf(fs.lstatSync(file));
  } catch {
    // Gone, or below what is no folder any more.
    return 'none';
  }
}

function kindBehind(link: string): Kind {
  try {
    return kindOf(fs.statSync(link));
  } catch {
    return 'none';
  }
}
