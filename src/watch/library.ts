/** The files that any service is concerned with: held once and read once, however many services share them. */
import path from 'node:path';
import type { Folders } from './folders.ts';
import { type ReadVersion, versionReader } from './versions.ts';

/** Told when something may have happened to one of its files. */
export type Touched = (file: string) => void;

export interface Library {
  /** Takes part in a file, whether or not it exists. */
  use(file: string, touched: Touched): { read: ReadVersion; undo: () => void };
  touch(file: string): void;
  /** Anything may have happened in these folders. */
  touchIn(folders: string[]): void;
}

interface Volume {
  readonly read: ReadVersion;
  readonly users: Set<Touched>;
  readonly close: () => void;
}

export function createLibrary(folders: Folders, wall: () => number): Library {
  const volumes = new Map<string, Volume>();
  const byFolder = new Map<string, Set<string>>();

  function open(file: string): Volume {
    const folder = path.dirname(file);
    const siblings = byFolder.get(folder) ?? new Set();
    byFolder.set(folder, siblings.add(file));
    const undos = [folders.hold(folder), folders.file(file)];
    const close = () => {
      volumes.delete(file);
      siblings.delete(file);
      if (siblings.size === 0) byFolder.delete(folder);
      for (const undo of undos) undo();
    };
    const volume = { read: versionReader(file, wall), users: new Set<Touched>(), close };
    volumes.set(file, volume);
    return volume;
  }

  function touch(file: string): void {
    for (const touched of [...(volumes.get(file)?.users ?? [])]) touched(file);
  }

  return {
    use(file, touched) {
      const volume = volumes.get(file) ?? open(file);
      volume.users.add(touched);
      return {
        read: volume.read,
        undo() {
          if (volume.users.delete(touched) && volume.users.size === 0) volume.close();
        },
      };
    },
    touch,
    touchIn(folders) {
      for (const folder of folders) for (const file of [...(byFolder.get(folder) ?? [])]) touch(file);
    },
  };
}
