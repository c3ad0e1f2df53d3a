/** Folders of the project that are listed: who then loads what is in them would load a new file as well. Each once. */
import { binding, type Native, replace, withoutFrame } from './bindings.ts';
import { absolutePath, resolved } from './real-path.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

/** A program that walks a whole disk is not one that loads what it finds. */
const MOST = 500;

export function watchFolders(report: Report, scope: Scope): void {
  const fs = binding('fs');
  const seen = new Set<string>();
  if (fs === null) return;
  const listing = (path: string) => {
    if (seen.has(path) || seen.size >= MOST) return;
    seen.add(path);
    report.note((at) => {
      const folder = resolved(absolutePath(path));
      return scope.isProjectFile(`${folder}/.`) ? ['list', at, folder] : null;
    });
  };
  for (const name of ['readdir', 'opendir', 'opendirSync'])
    replace(fs, name, (original) => watched(original, listing));
}

/** Of each of them the first argument is the path. */
function watched(original: Native, listing: (path: string) => void): Native {
  return function list(this: unknown, ...args: unknown[]) {
    const [path] = args;
    try {
      if (typeof path === 'string') listing(path);
    } catch {
      // The app's call goes on.
    }
    try {
      return Reflect.apply(original, this, args);
    } catch (error) {
      throw withoutFrame(error, list);
    }
  };
}
