/**
 * Node processes that the app starts with a project's file and an environment of its own: they have no hook, and nobody
 * tells what they load. So it is told that there are such.
 */
import { existsSync } from 'node:fs';
import { OWN_ENVIRONMENT, REPORT_VARIABLE } from '../contract/report.ts';
import { binding, replace, withoutFrame } from './bindings.ts';
import { absolutePath } from './real-path.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

/** As child_process.js hands it to libuv. */
interface SpawnOptions {
  file?: unknown;
  args?: unknown;
  cwd?: unknown;
  envPairs?: unknown;
}

export function watchChildren(report: Report, scope: Scope): void {
  let isTold = false;
  const see = (options: SpawnOptions) => {
    if (isTold || !isUnfollowed(options, scope)) return;
    isTold = true;
    report.quiet(OWN_ENVIRONMENT);
  };
  const { Process } = (binding('process_wrap') ?? {}) as { Process?: { prototype: Record<string, unknown> } };
  for (const owner of [Process?.prototype, binding('spawn_sync')]) {
    if (owner == null) continue;
    replace(owner, 'spawn', (original) => {
      return function spawn(this: unknown, ...args: unknown[]) {
        try {
          see(args[0] as SpawnOptions);
        } catch {
          // The app's process is started.
        }
        try {
          return Reflect.apply(original, this, args);
        } catch (error) {
          throw withoutFrame(error, spawn);
        }
      };
    });
  }
}

function isUnfollowed({ file, args, cwd, envPairs }: SpawnOptions, scope: Scope): boolean {
  if (typeof file !== 'string' || !/(?:^|\/)node$/.test(file) || !Array.isArray(args)) return false;
  if (!Array.isArray(envPairs) || envPairs.some((pair) => String(pair).startsWith(`${REPORT_VARIABLE}=`)))
    return false;
  const folder = typeof cwd === 'string' ? cwd : '.';
  // Those before it belong to flags.
  const first = args
    .slice(1)
    .map((word) => absolutePath(folder, String(word)))
    .find((path) => existsSync(path));
  return first !== undefined && scope.isProjectFile(first);
}
