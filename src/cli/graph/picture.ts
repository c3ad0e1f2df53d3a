/** Graphs for other programs: what is drawn, and by whom. */
import { unresolved } from '../../api/graph/facts.ts';
import type { Ancestry } from '../../loads/chain.ts';
import type { Loaded } from '../../loads/loaded.ts';
import { packageOf } from '../../loads/packages.ts';

export type NodeKind = 'service' | 'entry' | 'file' | 'package' | 'missing';

/** `id`: any text; nodes are the same when their ids are. */
export interface Picture {
  title: string;
  nodes: Map<string, { label: string; kind: NodeKind }>;
  edges: Set<string>;
}

/** Between the two ids of an edge: in no path. */
const SEPARATOR = '\0';

export function emptyPicture(title: string): Picture {
  return { title, nodes: new Map(), edges: new Set() };
}

export function addNode(picture: Picture, id: string, label: string, kind: NodeKind): void {
  const known = picture.nodes.get(id);
  // An entry of one service is a mere file of another.
  if (known === undefined || known.kind === 'file') picture.nodes.set(id, { label, kind });
}

export function addEdge(picture: Picture, from: string, to: string): void {
  picture.edges.add(`${from}${SEPARATOR}${to}`);
}

export function edgesOf(picture: Picture): [from: string, to: string][] {
  return [...picture.edges].map((edge) => edge.split(SEPARATOR) as [string, string]);
}

/** All that a run loaded. `service`: drawn above its entries; null for a picture of one. */
export function addRun(
  picture: Picture,
  loaded: Loaded,
  graph: Ancestry,
  shown: (path: string) => string,
  service: string | null,
): void {
  const top = service === null ? null : `service ${service}`;
  if (top !== null && service !== null) addNode(picture, top, service, 'service');
  for (const file of loaded.files()) {
    const isEntry = graph.isEntry(file);
    addNode(picture, file, shown(file), isEntry ? 'entry' : 'file');
    if (isEntry && top !== null) addEdge(picture, top, file);
    for (const parent of graph.parentsOf(file)) {
      addParent(picture, loaded, parent, shown);
      addEdge(picture, parent, file);
    }
  }
  for (const { specifier, parent } of unresolved(loaded)) {
    const id = `missing ${specifier} ${parent ?? ''}`;
    addNode(picture, id, specifier, 'missing');
    const above = parent === null ? top : (packageOf(parent) ?? parent);
    if (above === null) continue;
    if (above !== top) addParent(picture, loaded, above, shown);
    addEdge(picture, above, id);
  }
}

function addParent(picture: Picture, loaded: Loaded, parent: string, shown: (path: string) => string): void {
  if (!loaded.has(parent)) addNode(picture, parent, shown(parent), 'package');
}

/** How a file reached a service. */
export function addChain(
  picture: Picture,
  service: string,
  chain: string[],
  shown: (path: string) => string,
): void {
  let above = `service ${service}`;
  addNode(picture, above, service, 'service');
  for (const path of chain) {
    addNode(picture, path, shown(path), path.startsWith('/') ? 'file' : 'package');
    addEdge(picture, above, path);
    above = path;
  }
}
