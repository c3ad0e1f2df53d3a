/** Told of each change in a folder, also when the folder itself is removed and made again. */
import { watch } from 'node:fs';
import { inodeAt } from '../platform/stat.ts';

/** ms between looks for a folder that is not there. */
const MISSING = 250;

/**
 * `onChange` gets the name of the file, or null when any may have changed. Answers its undo.
 * Only a folder that is missing, or cannot be watched, is polled for.
 */
export function watchFolder(path: string, onChange: (name: string | null) => void): () => void {
  let undo = () => {};
  let stopped = false;

  const wait = () => {
    const timer = setTimeout(arm, MISSING);
    undo = () => clearTimeout(timer);
  };

  const arm = () => {
    const ino = inodeAt(path);
    if (ino === null) return wait();
    try {
      const watcher = watch(path, (_, name) => {
        onChange(name);
        if (!stopped && inodeAt(path) !== ino) restart();
      });
      undo = () => watcher.close();
      watcher.on('error', restart);
    } catch {
      wait();
    }
    onChange(null);
  };

  const restart = () => {
    undo();
    if (!stopped) arm();
  };

  arm();
  return () => {
    stopped = true;
    undo();
  };
}
