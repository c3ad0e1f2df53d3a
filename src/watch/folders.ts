/**
 * One `fs.watch` per folder, never recursive, that stays right when folders are replaced.
 *
 * inotify watches an inode, a person means a path. So every folder on the way to a watched one is watched too:
 * its parent tells when a name is created, removed or renamed, and then whatever hangs below that name is opened
 * anew, top down, each watch before the look at what is in it. A folder that is missing is found again by its
 * nearest existing parent. The folders above the workspace and those at the top (`/`, `/home`, the home and temp
 * folders) are busy with other people's files, each of whose writes would wake the daemon: they are watched only
 * while something directly in them is wanted or missing.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createLinks } from './links.ts';
import { createPoll } from './poll.ts';

/** Opens a watch on one folder; throws as `fs.watch` does. Returns the undo. */
export type WatchFolder = (
  folder: string,
  onEvent: (moved: boolean, name: string | null) => void,
) => () => void;

export interface FolderEvents {
  /** Something happened to this path; `moved`: it was created, removed, replaced or renamed. */
  entry(file: string, moved: boolean): void;
  /** These folders came, went or were replaced: anything may have changed in them. */
  reset(folders: string[]): void;
  /** Folders that cannot be watched, only polled, with the reason; null: none any more. */
  polling(code: string | null): void;
}

export interface Folders {
  /** Reports what happens in this folder, now or once it exists. Returns the undo. */
  hold(folder: string): () => void;
  /** A file of a held folder: followed where it is a symbolic link, looked at where the folder must be polled. */
  file(file: string): () => void;
  close(): void;
}

interface Folder {
  readonly path: string;
  readonly parent: Folder | null;
  readonly children: Map<string, Folder>;
  readonly busy: boolean;
  holds: number;
  state: 'unwatched' | 'watched' | 'polled' | 'missing';
  stop: () => void;
}

export interface FoldersOptions {
  readonly events: FolderEvents;
  /** Absolute: the folders above it are other people's. */
  readonly workspace: string;
  readonly watchFolder: WatchFolder;
  /** Calls `then` once after `ms`; returns the undo. */
  after(ms: number, then: () => void): () => void;
}

export const watchFolder: WatchFolder = (folder, onEvent) => {
  const watcher = fs.watch(folder, { persistent: false }, (kind, name) => onEvent(kind === 'rename', name));
  watcher.on('error', () => onEvent(true, null));
  return () => watcher.close();
};

export function createFolders({ events, workspace, watchFolder, after }: FoldersOptions): Folders {
  const folders = new Map<string, Folder>();
  /** Links may point in circles: a folder that is being reset is not reset again meanwhile. */
  const resetting = new Set<Folder>();
  const links = createLinks(hold);
  const poll = createPoll({
    after,
    changed: (file) => (folders.has(file) ? reset(folders.get(file)) : tell(file, true)),
    retry: (folder) => retry(folders.get(folder)),
    onPolling: events.polling,
  });

  function get(folder: string): Folder {
    const known = folders.get(folder);
    if (known) return known;
    const above = path.dirname(folder);
    const parent = above === folder ? null : get(above);
    const made: Folder = {
      path: folder,
      parent,
      children: new Map(),
      busy: isBusy(folder, workspace),
      holds: 0,
      state: 'unwatched',
      stop: () => {},
    };
    folders.set(folder, made);
    parent?.children.set(path.basename(folder), made);
    links.track(folder);
    return made;
  }

  function hold(at: string): () => void {
    const folder = get(at);
    folder.holds++;
    settle(folder);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      folder.holds--;
      settle(folder);
      prune(folder);
    };
  }

  /** Whether this folder has to be watched for what is known about the ones directly in it. */
  function isNeeded(folder: Folder): boolean {
    if (folder.holds > 0) return true;
    if (!folder.busy) return folder.children.size > 0;
    return [...folder.children.values()].some((child) => child.state === 'missing');
  }

  /** Opens or closes the watch of a folder and of those above it, as needed now. */
  function settle(folder: Folder): void {
    if (folder.parent && folder.parent.state === 'unwatched' && !folder.parent.busy) settle(folder.parent);
    const needed = isNeeded(folder);
    if (needed && folder.state === 'unwatched') open(folder);
    if (!needed && folder.state !== 'unwatched') shut(folder);
    if (folder.parent?.busy) settleBusy(folder, folder.parent);
  }

  /** A busy parent is opened only after its child was found missing: the child may have come in between. */
  function settleBusy(folder: Folder, parent: Folder): void {
    const wasUnwatched = parent.state === 'unwatched';
    settle(parent);
    if (wasUnwatched && folder.state === 'missing' && isFolder(folder.path)) reset(folder);
  }

  function open(folder: Folder): void {
    folder.state = isFolder(folder.path) ? watchOrPoll(folder) : 'missing';
  }

  function watchOrPoll(folder: Folder): Folder['state'] {
    try {
      folder.stop = watchFolder(folder.path, (moved, name) => onEvent(folder, moved, name));
      return 'watched';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN';
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
      folder.stop = poll.folder(folder.path, code);
      return 'polled';
    }
  }

  function shut(folder: Folder): void {
    folder.stop();
    folder.stop = () => {};
    folder.state = 'unwatched';
  }

  function onEvent(folder: Folder, moved: boolean, name: string | null): void {
    if (folder.state !== 'watched') return;
    // A folder tells of its own removal or renaming by its own name.
    if (name === null || (moved && name === path.basename(folder.path))) reset(folder);
    if (name !== null) tell(path.join(folder.path, name), moved);
  }

  /** Passes an event on: to the folder of that name, to whom it may concern, and to the links that point here. */
  function tell(file: string, moved: boolean, told = new Set<string>()): void {
    if (told.has(file)) return;
    told.add(file);
    if (moved) links.refresh(file);
    const folder = folders.get(file);
    if (moved && folder) reset(folder);
    events.entry(file, moved);
    for (const link of links.to(file)) tell(link, moved, told);
  }

  /** What stood at this path may be another folder now, or none: open everything below anew. */
  function reset(folder: Folder | undefined): void {
    if (!folder || resetting.has(folder)) return;
    resetting.add(folder);
    reopen(subtree(folder));
    resetting.delete(folder);
  }

  function reopen(below: Folder[]): void {
    for (const each of below) shut(each);
    for (const each of below) links.refresh(each.path);
    for (const each of below) settle(each);
    const paths = new Set(below.map((each) => each.path));
    events.reset([...paths]);
    for (const link of links.into(paths)) tell(link, true);
  }

  function retry(folder: Folder | undefined): boolean {
    if (folder?.state !== 'polled') return true;
    shut(folder);
    settle(folder);
    if (folder.state === ('polled' as Folder['state'])) return false;
    events.reset([folder.path]);
    return true;
  }

  function prune(folder: Folder): void {
    if (folder.holds > 0 || folder.children.size > 0 || folders.get(folder.path) !== folder) return;
    shut(folder);
    folders.delete(folder.path);
    links.untrack(folder.path);
    if (!folder.parent) return;
    folder.parent.children.delete(path.basename(folder.path));
    settle(folder.parent);
    prune(folder.parent);
  }

  return {
    hold,
    file(file) {
      links.track(file);
      const undo = poll.file(file);
      return () => {
        links.untrack(file);
        undo();
      };
    },
    close() {
      for (const folder of folders.values()) shut(folder);
      folders.clear();
      poll.close();
    },
  };
}

function subtree(folder: Folder): Folder[] {
  return [folder, ...[...folder.children.values()].flatMap(subtree)];
}

function isFolder(file: string): boolean {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

function isBusy(folder: string, workspace: string): boolean {
  const above = path.dirname(folder);
  if (workspace.startsWith(`${folder}/`)) return true;
  return above === path.dirname(above) || folder === os.homedir() || folder === os.tmpdir();
}
