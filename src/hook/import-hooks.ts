/** Imports by `module.registerHooks` (Node 22.15, 23.5 and later). */

import { isPlugAndPlay, plainConditions } from './plug-and-play.ts';
import { pathOfUrl } from './scope.ts';
import { missingOnce } from './searches.ts';

interface Context {
  parentURL?: string;
  conditions?: readonly string[];
}
type Resolve<R> = (specifier: string, context: Context) => R;
export type ImportHooks = (hooks: {
  resolve<R extends { url: string }>(specifier: string, context: Context, next: Resolve<R>): R;
}) => unknown;

export interface HookWatcher {
  missing(specifier: string, parent: string | null): void;
  /** By their urls, with query and hash. */
  resolved(url: string, parentUrl: string | undefined): void;
}

const NOT_FOUND = new Set([
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
]);

export function watchByHooks(registerHooks: ImportHooks, watcher: HookWatcher): void {
  const missing = missingOnce(watcher);
  const isPlain = isPlugAndPlay();
  registerHooks({
    resolve(specifier, context, next) {
      // What require() loads is seen where it is opened.
      const { conditions } = context;
      const required = conditions?.includes('require') === true;
      const asked = required && isPlain ? { ...context, conditions: plainConditions(conditions) } : context;
      try {
        const result = next(specifier, asked);
        if (!required) watcher.resolved(result.url, context.parentURL);
        return result;
      } catch (error) {
        quietly(() => {
          const { code } = error as { code?: unknown };
          if (!required && NOT_FOUND.has(code as string)) missing(specifier, parentPath(context.parentURL));
          hideFrames(error);
        });
        throw error;
      }
    },
  });
}

const parentPath = (url: string | undefined) => (url === undefined ? null : pathOfUrl(url));

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The app's import goes on.
  }
}

/** Ours, and Node's that are there because of us. */
function hideFrames(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  const lines = error.stack.split('\n');
  const kept = lines.filter((line) => !isOurs(line));
  if (kept.length < lines.length) error.stack = kept.join('\n');
}

const isOurs = (line: string) =>
  /^\s+at /.test(line) &&
  (line.includes(__filename) || line.includes('node:internal/modules/customization_hooks:'));
