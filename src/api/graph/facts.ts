/** What is known of who loaded what, as the contract tells it. Pure. */
import type { FileConcerns, LoadsOverview, ServiceLoads } from '../../contract/api/loads.ts';
import type { Ancestry } from '../../loads/chain.ts';
import type { Loaded } from '../../loads/loaded.ts';
import type { Concerned } from './concerned.ts';
import type { ServiceRun } from './runs.ts';

/** Files of more than one service, those of most services first, then by name. */
export function sharedFiles(runs: ServiceRun[]): { file: string; services: string[] }[] {
  const users = new Map<string, string[]>();
  for (const { service, loaded } of runs)
    for (const file of loaded?.files() ?? []) users.set(file, [...(users.get(file) ?? []), service]);
  return [...users]
    .filter(([, services]) => services.length > 1)
    .map(([file, services]) => ({ file, services }))
    .sort((a, b) => b.services.length - a.services.length || (a.file < b.file ? -1 : 1));
}

export function overviewFacts(
  root: string,
  runs: ServiceRun[],
  shown: (path: string) => string,
): LoadsOverview {
  return {
    workspace: root,
    services: runs.map(({ service, run, loaded, exactness }) => ({
      service,
      run,
      files: loaded?.size ?? null,
      exactness,
    })),
    shared: sharedFiles(runs).map(({ file, services }) => ({ file: shown(file), services })),
  };
}

export function concernFacts(
  file: string,
  { concerns, readBy, unsure }: Concerned,
  shown: (path: string) => string,
): FileConcerns {
  return {
    file,
    services: concerns.map((concern) => ({ ...concern, chain: concern.chain?.map(shown) ?? null })),
    readBy,
    unsure: unsure.map(({ service, exactness }) => ({ service, exactness })),
  };
}

/** `read`: see `unwatchedReads`. */
export function serviceFacts(
  { service, run, alive, loaded, exactness }: ServiceRun,
  graph: Ancestry | null,
  read: string[] | null,
  shown: (path: string) => string,
): ServiceLoads {
  return {
    service,
    run,
    alive,
    exactness,
    complete: loaded === null ? null : !loaded.isCut,
    files:
      loaded === null || graph === null
        ? null
        : [...loaded.files()].map((file) => fileFacts(file, loaded, graph, shown)),
    missing:
      loaded === null
        ? null
        : unresolved(loaded).map(({ specifier, parent, candidates }) => ({
            specifier,
            parent: parent === null ? null : shown(parent),
            candidates: candidates.map(shown),
          })),
    read: read?.map(shown) ?? null,
  };
}

function fileFacts(file: string, loaded: Loaded, graph: Ancestry, shown: (path: string) => string) {
  return {
    file: shown(file),
    loadedAt: new Date(loaded.loadedAt(file) ?? 0).toISOString(),
    entry: graph.isEntry(file),
    parents: graph.parentsOf(file).map(shown),
  };
}

/** What was missing and has not been loaded since. */
export function unresolved(loaded: Loaded) {
  return loaded.missing.filter(({ candidates }) => !candidates.some((each) => loaded.has(each)));
}
