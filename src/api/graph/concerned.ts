/** `upkeep graph --file PATH`: whom an edit of that file concerns, and by which chain. */
import { explain } from '../../loads/explain.ts';
import { commandFiles } from '../../platform/command-files.ts';
import { packageFiles } from '../../platform/package-files.ts';
import { namedBy } from './named.ts';
import type { ServiceRun } from './runs.ts';
import { isSource } from './sources.ts';

export interface Concern {
  service: string;
  run: number | null;
  /**
   * loaded: by its run; missing: its run asked for it in vain; env: it is an env file; command: named by its command; watch:
   * named by `watch`;
   * sources: it cannot be told what its run loaded, and this is among the sources that are watched in place of that, or that
   * its toolchain names; packages: it says which packages there are.
   */
  why: 'loaded' | 'missing' | 'env' | 'command' | 'watch' | 'sources' | 'packages';
  /** From an entry to the file; null when there is none. */
  chain: string[] | null;
  /** What the edit does. nothing: it is not wanted up, or not watched, or leaves the file out. */
  effect: 'restart' | 'nothing';
  /** `ignore` of its `watch`, or a `!glob`, leaves the file out: the edit does nothing. */
  ignored: boolean;
}

export interface Concerned {
  concerns: Concern[];
  /** Services whose run read it through fs, which is not watched. */
  readBy: string[];
  /** Services of which it cannot be told. */
  unsure: ServiceRun[];
}

/** `file`: absolute real path. */
export async function concernedBy(file: string, runs: ServiceRun[]): Promise<Concerned> {
  const concerns: Concern[] = [];
  for (const each of runs) concerns.push(...(await concernOf(each, file)));
  const isConcerned = (service: string) => concerns.some((concern) => concern.service === service);
  const rest = runs.filter(({ service }) => !isConcerned(service));
  return {
    concerns,
    readBy: rest.filter(({ loaded }) => loaded?.reads.includes(file)).map(({ service }) => service),
    unsure: rest.filter(({ run, exactness }) => run !== null && exactness.kind !== 'exact'),
  };
}

/** None or one. */
async function concernOf(run: ServiceRun, file: string): Promise<Concern[]> {
  const found = await reasonOf(run, file);
  if (found === null) return [];
  const { why, chain } = found;
  const { service, spec } = run;
  const isWatched = spec === null || spec.watch.enabled;
  const restarts = isFollowed(run, found, file);
  return [
    {
      service,
      run: run.run,
      why,
      chain,
      effect: run.wanted && isWatched && restarts ? 'restart' : 'nothing',
      ignored: !restarts && why !== 'packages',
    },
  ];
}

/** A manifest or lock file only where that is asked for; then it does not matter what is left out. */
function isFollowed({ spec }: ServiceRun, { why, names }: Reason, file: string): boolean {
  if (spec?.watch.packages && packageFiles(spec.cwd).includes(file)) return true;
  return why !== 'packages' && (spec === null || !names.every(namedBy(spec).leavesOut));
}

interface Reason extends Pick<Concern, 'why' | 'chain'> {
  /** The paths by which it is watched. */
  names: string[];
}

async function reasonOf(
  { loaded, spec, exactness, isBuilt, makes, alive }: ServiceRun,
  file: string,
): Promise<Reason | null> {
  const because = (why: Concern['why'], chain: string[] | null = null, names = [file]) => ({
    why,
    chain,
    names,
  });
  // What follows its sources itself is not followed as well.
  const followed = exactness.kind === 'own-reload' ? null : loaded;
  if (followed?.has(file)) return because('loaded', await explain(followed, file));
  const missing = followed?.missing.find(({ candidates }) => candidates.includes(file));
  if (followed != null && missing !== undefined) {
    const { parent } = missing;
    const above = parent === null ? [] : ((await explain(followed, parent)) ?? [parent]);
    return because('missing', [...above, file]);
  }
  if (spec === null) return null;
  if (spec.envFiles.includes(file)) return because('env');
  const names = namedBy(spec).namesOf(file);
  if (names.length > 0) return because('watch', null, names);
  if ((isBuilt || (alive && exactness.kind === 'not-exact')) && (await isSource(spec, makes, file)))
    return because('sources');
  if (exactness.kind !== 'own-reload' && commandFiles(spec).includes(file)) return because('command');
  return packageFiles(spec.cwd).includes(file) ? because('packages') : null;
}
