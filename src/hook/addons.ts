/** Native addons are not opened by Node's `fs` but by dlopen(3). */
import Module from 'node:module';
import { withoutFrame } from './bindings.ts';
import { realPath } from './real-path.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

export function watchAddons(report: Report, scope: Scope): void {
  const original = process.dlopen;
  // A proxy keeps name, length and text as they were.
  const replacement: typeof original = new Proxy(original, {
    apply(target, self, args: Parameters<typeof original>) {
      try {
        tell(report, scope, args[1]);
      } catch {
        // The app's call goes on.
      }
      try {
        return Reflect.apply(target, self, args);
      } catch (error) {
        throw withoutFrame(error, this.apply as never);
      }
    },
  });
  process.dlopen = replacement;
}

function tell(report: Report, scope: Scope, path: string): void {
  const { _cache } = Module as unknown as { _cache: Record<string, { parent?: Module | null } | undefined> };
  const file = realPath(path);
  if (scope.isSource(file)) report.load(file, _cache[path]?.parent?.filename ?? null);
}
