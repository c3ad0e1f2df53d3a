/** Which of the files that a run loaded are drawn, and who asked for whom. Pure. */
import type { ServiceLoads } from '../../src/contract/api/loads.ts';
import type { Edge } from '../graph/layout.ts';

export type LoadedFile = NonNullable<ServiceLoads['files']>[number];

export interface Drawn {
  file: string;
  entry: boolean;
  /** Other services that loaded it too. */
  others: string[];
}

export interface Imports {
  files: Drawn[];
  edges: Edge[];
  /** So many files are not drawn. */
  left: number;
}

/**
 * `most` files at most: the entries; then those that others loaded too, of most services first, each with a way to it
 * from an entry; then the rest, the nearest first.
 */
export function importsOf(
  loaded: readonly LoadedFile[],
  shared: ReadonlyMap<string, readonly string[]>,
  name: string,
  most: number,
): Imports {
  const byName = new Map(loaded.map((each) => [each.file, each]));
  const ways = waysTo(loaded);
  const othersOf = (file: string) => (shared.get(file) ?? []).filter((other) => other !== name);
  const wanted = [
    ...loaded.filter(({ entry }) => entry),
    ...loaded
      .filter(({ file }) => othersOf(file).length > 0)
      .sort((one, other) => othersOf(other.file).length - othersOf(one.file).length),
    ...[...loaded].sort(
      (one, other) => (ways.get(one.file)?.length ?? 99) - (ways.get(other.file)?.length ?? 99),
    ),
  ];
  const chosen = new Set<string>();
  for (const { file } of wanted) {
    const way = (ways.get(file) ?? [file]).filter((each) => !chosen.has(each));
    if (chosen.size + way.length <= most) for (const each of way) chosen.add(each);
  }
  const files = [...chosen].flatMap((file) => byName.get(file) ?? []);
  return {
    files: files.map(({ file, entry }) => ({ file, entry, others: othersOf(file) })),
    edges: files.flatMap(({ file, parents }) =>
      [...new Set(parents)]
        .filter((parent) => chosen.has(parent) && parent !== file)
        .map((parent) => ({ from: parent, to: file })),
    ),
    left: loaded.length - files.length,
  };
}

/** The shortest way to each file from an entry, both included; a file that nobody asked for begins one. */
function waysTo(loaded: readonly LoadedFile[]): Map<string, string[]> {
  const known = new Set(loaded.map(({ file }) => file));
  const children = new Map<string, string[]>();
  for (const { file, parents } of loaded)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), file]);
  const ways = new Map<string, string[]>();
  const open = loaded
    .filter(({ entry, parents }) => entry || !parents.some((parent) => known.has(parent)))
    .map(({ file }) => [file]);
  for (const way of open) {
    const file = way.at(-1) ?? '';
    if (ways.has(file)) continue;
    ways.set(file, way);
    for (const child of children.get(file) ?? []) if (!ways.has(child)) open.push([...way, child]);
  }
  return ways;
}
