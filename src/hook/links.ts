/**
 * Symbolic links on the way to what is loaded: another target is another program. Node's loaders ask for the real path
 * of what they load, and each link of it is read then, once.
 */
import { binding, replace, withoutFrame } from './bindings.ts';
import { absolutePath } from './real-path.ts';
import type { Report } from './report.ts';
import { isInstalled, type Scope } from './scope.ts';

export function watchLinks(report: Report, scope: Scope): void {
  const fs = binding('fs');
  const told = new Set<string>();
  if (fs === null) return;
  replace(fs, 'readlink', (original) => {
    return function readlink(this: unknown, ...args: unknown[]) {
      let target: unknown;
      try {
        target = Reflect.apply(original, this, args);
      } catch (error) {
        throw withoutFrame(error, readlink);
      }
      const [link] = args;
      // Who does not wait for the answer is no loader.
      if (typeof link === 'string' && typeof target === 'string' && !told.has(link)) {
        told.add(link);
        if (leadsToSource(link, target, scope)) report.note((at) => ['link', at, link]);
      }
      return target;
    };
  });
}

/** What package managers link among themselves is nobody's source; a package of the workspace is. */
function leadsToSource(link: string, target: string, scope: Scope): boolean {
  if (!scope.isLink(link)) return false;
  return !isInstalled(`${absolutePath(link, '..', target)}/`);
}
