/** What a run loaded, as a tree: each file below the one that asked for it first, once. */
import { extname } from 'node:path';
import { unresolved } from '../../api/graph/facts.ts';
import type { Ancestry } from '../../loads/chain.ts';
import type { Loaded } from '../../loads/loaded.ts';
import { packageOf } from '../../loads/packages.ts';

/** Deeper ones are left out: a line would be longer than any screen. */
const DEEPEST = 60;

interface Branch {
  /** What is shown; a path, a specifier or a package's name. */
  name: string;
  mark: string | null;
  /** Key of what is below; null: nothing. */
  key: string | null;
}

interface Marks {
  dim(text: string): string;
  red(text: string): string;
}

/** Lines of text. `shown` makes a path short and harmless. */
export function treeLines(
  loaded: Loaded,
  graph: Ancestry,
  shown: (path: string) => string,
  { dim, red }: Marks,
): string[] {
  const below = childrenOf(loaded, graph);
  const lines: string[] = [];
  const told = new Set<string>();
  const draw = (top: Branch) => {
    const open: { branch: Branch; before: string; depth: number; isLast: boolean }[] = [
      { branch: top, before: '', depth: 0, isLast: true },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { branch, before, depth, isLast } = next;
      const { key } = branch;
      const again = key !== null && told.has(key);
      if (key !== null) told.add(key);
      const children = key === null || again ? [] : (below.get(key) ?? []);
      const isCut = depth >= DEEPEST && children.length > 0;
      const mark = again ? 'see above' : isCut ? `${children.length} more below` : branch.mark;
      const paint = mark === MISSING ? red : dim;
      const joint = depth === 0 ? '' : isLast ? '└─ ' : '├─ ';
      lines.push(
        `${dim(before + joint)}${shown(branch.name)}${mark === null ? '' : ` ${paint(`(${mark})`)}`}`,
      );
      if (isCut) continue;
      const inner = depth === 0 ? '' : `${before}${isLast ? '   ' : '│  '}`;
      for (let index = children.length - 1; index >= 0; index--) {
        const child = children[index] as Branch;
        open.push({ branch: child, before: inner, depth: depth + 1, isLast: index === children.length - 1 });
      }
    }
  };
  for (const top of topsOf(loaded, graph, below)) draw(top);
  // Circles into which nobody is known to lead, and what lay too deep.
  for (const file of loaded.files()) if (!told.has(file)) draw(fileBranch(file, null));
  return lines;
}

const MISSING = 'missing';

/** By the key of the parent; missing ones of nobody under ''. */
function childrenOf(loaded: Loaded, graph: Ancestry): Map<string, Branch[]> {
  const below = new Map<string, Branch[]>();
  const add = (parent: string, branch: Branch) => {
    const known = below.get(parent);
    if (known === undefined) below.set(parent, [branch]);
    else known.push(branch);
  };
  for (const file of loaded.files())
    for (const parent of graph.parentsOf(file)) add(parent, fileBranch(file, null));
  for (const { specifier, parent } of unresolved(loaded))
    add(parent === null ? '' : (packageOf(parent) ?? parent), { name: specifier, mark: MISSING, key: null });
  return below;
}

/** Entries and packages in the order of their first load, then what nobody known asked for in vain. */
function topsOf(loaded: Loaded, graph: Ancestry, below: Map<string, Branch[]>): Branch[] {
  const tops = new Map<string, Branch>();
  let isFirst = true;
  for (const file of loaded.files()) {
    if (graph.isEntry(file)) {
      const unknown = loaded.isVague && !isFirst && loaded.parentsOf(file).length === 0;
      tops.set(file, fileBranch(file, unknown ? 'not known who loaded it' : null));
      isFirst = false;
    }
    for (const parent of graph.parentsOf(file)) addStranger(tops, loaded, parent);
  }
  for (const parent of below.keys()) if (parent !== '') addStranger(tops, loaded, parent);
  return [...tops.values(), ...(below.get('') ?? [])];
}

function addStranger(tops: Map<string, Branch>, loaded: Loaded, parent: string): void {
  if (loaded.has(parent) || tops.has(parent)) return;
  tops.set(parent, { name: parent, mark: parent.startsWith('/') ? 'not watched' : 'package', key: parent });
}

const KINDS: Readonly<Record<string, string>> = {
  '.json': 'JSON',
  '.node': 'native addon',
  '.wasm': 'WebAssembly',
};

function fileBranch(file: string, mark: string | null): Branch {
  return { name: file, mark: mark ?? KINDS[extname(file)] ?? null, key: file };
}
