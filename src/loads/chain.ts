/** By which chain a file came to be loaded. */

/** Who asked for whom. A file without parents that was not loaded itself is a package, or lies where nobody looks. */
export interface Ancestry {
  /** Absolute paths; a package by its name. */
  parentsOf(file: string): readonly string[];
  /** True where a process began. */
  isEntry(file: string): boolean;
  /** Epoch ms of the first load of a file that was loaded without a known parent; null otherwise. */
  orphanedAt(file: string): number | null;
}

/**
 * The shortest chain from an entry to the file, both included. Where no entry leads to it: from the nearest
 * package or unwatched file; in a circle of which nobody knows the beginning: from what was loaded first.
 * Null in a circle of which nothing else is known.
 */
export function shortestChain(graph: Ancestry, file: string): string[] | null {
  /** From each file that was reached the next one down. */
  const next = new Map<string, string | null>([[file, null]]);
  let root: string | null = null;
  let orphan: string | null = null;
  // A Map is iterated in the order of insertion, what is added meanwhile included: this is breadth first.
  for (const each of next.keys()) {
    if (graph.isEntry(each)) return walk(next, each);
    const parents = graph.parentsOf(each);
    if (parents.length === 0) root ??= each;
    orphan = earlier(graph, orphan, each);
    for (const parent of parents) if (!next.has(parent)) next.set(parent, each);
  }
  const start = root ?? orphan;
  return start === null ? null : walk(next, start);
}

function earlier(graph: Ancestry, one: string | null, other: string): string | null {
  const at = graph.orphanedAt(other);
  if (at === null) return one;
  return one === null || at < (graph.orphanedAt(one) ?? 0) ? other : one;
}

function walk(next: Map<string, string | null>, start: string): string[] {
  const chain: string[] = [];
  for (let each: string | null = start; each !== null; each = next.get(each) ?? null) chain.push(each);
  return chain;
}
