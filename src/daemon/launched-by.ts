/**
 * What decides whether a run is ready, as it stood when the run was launched: kept in the run's folder until the run
 * is ready or over, for a daemon that adopts it when the configuration says something else by then.
 */
import * as z from 'zod/mini';
import { ResolvedService } from '../contract/config.ts';
import type { RunFolder } from '../process/run-folder.ts';

const LaunchedBy = z.pick(ResolvedService, {
  ready: true,
  ports: true,
  cwd: true,
  env: true,
  envFiles: true,
});

export function keepLaunchedBy(
  folder: RunFolder,
  { ready, ports, cwd, env, envFiles }: ResolvedService,
): void {
  try {
    folder.keepCheck({ ready, ports, cwd, env, envFiles });
  } catch {
    // A full disk: a daemon that adopts the run asks by the configuration of that time.
  }
}

/** `now` where nothing was kept. */
export function launchedBy(folder: RunFolder, now: ResolvedService): ResolvedService {
  const kept = LaunchedBy.safeParse(folder.readCheck());
  return kept.success ? { ...now, ...kept.data } : now;
}
