/** `upkeep graph --file PATH`: whom an edit of that file concerns, and by which chain. */
import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { ResolvedService } from '../../contract/config.ts';
import { fallbackGlobs, goFiles, isGo } from '../../languages/index.ts';
import { explain } from '../../loads/explain.ts';
import { packageFiles } from '../../platform/package-files.ts';
import type { ServiceRun } from './runs.ts';

export interface Concern {
  service: string;
  run: number | null;
  /**
   * loaded: by its run; missing: its run asked for it in vain; env: it is an env file; watch: named by `watch`;
   * sources: it cannot be told what its run loaded, and this is among the sources that are watched in place of that, or that
   * its toolchain names; packages: it says which packages there are.
   */
  why: 'loaded' | 'missing' | 'env' | 'watch' | 'sources' | 'packages';
  /** From an entry to the file; null when there is none. */
  chain: string[] | null;
  /** What the edit does. nothing: it is not wanted up, or not watched; itself: the service reloads on its own. */
  effect: 'restart' | 'nothing';
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
  const isWatched = run.spec === null || run.spec.watch.enabled;
  return [
    {
      service: run.service,
      run: run.run,
      ...found,
      effect: run.wanted && isWatched && restartsFor(run, found.why) ? 'restart' : 'nothing',
    },
  ];
}

/** A manifest or lock file only where that is asked for. */
function restartsFor({ spec }: ServiceRun, why: Concern['why']): boolean {
  return why !== 'packages' || spec?.watch.packages === true;
}

async function reasonOf(
  { loaded, spec, exactness, alive }: ServiceRun,
  file: string,
): Promise<Pick<Concern, 'why' | 'chain'> | null> {
  if (loaded?.has(file)) return { why: 'loaded', chain: await explain(loaded, file) };
  const missing = loaded?.missing.find(({ candidates }) => candidates.includes(file));
  if (loaded != null && missing !== undefined) {
    const { parent } = missing;
    const above = parent === null ? [] : ((await explain(loaded, parent)) ?? [parent]);
    return { why: 'missing', chain: [...above, file] };
  }
  if (spec === null) return null;
  if (spec.envFiles.includes(file)) return { why: 'env', chain: null };
  if (isNamed(spec, file)) return { why: 'watch', chain: null };
  if (alive && exactness.kind === 'not-exact' && (await isSource(spec, file)))
    return { why: 'sources', chain: null };
  return packageFiles(spec.cwd).includes(file) ? { why: 'packages', chain: null } : null;
}

async function isSource(spec: ResolvedService, file: string): Promise<boolean> {
  const { command, cwd, env } = spec;
  if (isGo(spec)) return (await goFiles(command, cwd, { ...process.env, ...env })).includes(file);
  // Most likely a name that is misspelled: whoever asks is told so.
  if (file.includes('/node_modules/') || !existsSync(file)) return false;
  return picomatch(fallbackGlobs(spec))(relative(cwd, file));
}

/** By a glob, a file or a folder of its `watch`. What `ignore` takes away again is not looked at. */
function isNamed({ cwd, watch }: ResolvedService, file: string): boolean {
  return watch.include.some((written) => {
    const path = resolve(cwd, written);
    if (file === path || file.startsWith(`${path}/`)) return true;
    const glob = written.replace(/^\.\//, '');
    return picomatch(glob, { dot: true })(isAbsolute(glob) ? file : relative(cwd, file));
  });
}
