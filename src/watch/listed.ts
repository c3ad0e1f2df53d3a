/**
 * A folder from which a run loads what it finds there: it listed it, and loaded some of the names. A new name of the same
 * kind is one more to load, whether or not it turns out to be a whole module yet.
 */
import fs from 'node:fs';
import path from 'node:path';
import { statAt } from '../platform/stat.ts';
import { isJunkFile, isJunkFolder } from './ignore.ts';
import type { Tree } from './tree.ts';

export interface ListedHost {
  /** Has the tree told of what happens in a folder. Returns the undo. */
  enter(folder: string, tree: Tree): () => void;
  /** A file that the run would load, were it begun now; it may yet come to be. */
  found(file: string): void;
  later(job: () => void): void;
}

/** What is born so much later (ms) than the listing was not in it, as far as stamps can tell. */
const STAMP_LAG = 10;
/** A listing that is older than this (ms) when we come to it: by then, saving may have given files another birth. */
const RECENT = 5_000;
/** Entries whose birth is looked up. */
const MOST_ENTRIES = 2_000;
/** Tests and declarations stand beside modules, and are no modules of the program. */
const BESIDE = /\.(?:test|spec|d)\.\w+$/;

export class ListedFolder implements Tree {
  readonly #folder: string;
  readonly #host: ListedHost;
  /** What was there when it was listed. */
  readonly #names: Set<string>;
  readonly #loaded = new Set<string>();
  /** Names of files that were loaded from its subfolders, where those were not listed. */
  readonly #below = new Set<string>();
  /** Subfolders that were listed as well. */
  readonly #children = new Set<ListedFolder>();
  /** Subfolders that have come since. */
  readonly #adopted: ListedFolder[] = [];
  readonly #leave: () => void;
  #isClosed = false;
  #isScanning = false;

  /** `at`: when it was listed, epoch ms; null: it did not exist then. */
  constructor(folder: string, at: number | null, host: ListedHost) {
    this.#folder = folder;
    this.#host = host;
    this.#leave = host.enter(folder, this);
    const entries = at === null ? [] : namesIn(folder);
    this.#names = new Set(entries);
    const young = at === null || Date.now() - at > RECENT || entries.length > MOST_ENTRIES ? [] : entries;
    for (const name of young)
      if (bornAt(path.join(folder, name)) > (at ?? 0) + STAMP_LAG) this.#names.delete(name);
    this.scan();
  }

  /** The run loaded this name of it. */
  loaded(name: string): void {
    const isNews = ![...this.#loaded].some((each) => endingOf(each) === endingOf(name));
    this.#loaded.add(name);
    this.#names.add(name);
    if (isNews) this.scan();
  }

  /** A subfolder from which it loaded something. */
  knows(name: string): void {
    this.#names.add(name);
  }

  /** The run loaded a file of this name from a subfolder that it did not list. */
  loadedBelow(name: string): void {
    if (this.#below.has(name)) return;
    this.#below.add(name);
    this.scan();
  }

  loadedFrom(child: ListedFolder): void {
    if (this.#children.has(child)) return;
    this.#children.add(child);
    this.scan();
  }

  /** Also when more is known of what is loaded from it: what came before that was told in vain. */
  scan(): void {
    if (this.#isScanning) return;
    this.#isScanning = true;
    this.#host.later(() => {
      this.#isScanning = false;
      if (!this.#isClosed) for (const name of namesIn(this.#folder)) this.#look(name);
    });
  }

  see(file: string, moved: boolean): void {
    if (moved) this.#look(path.basename(file));
  }

  /** Looks at a name as if it had just come. */
  #look(name: string): void {
    if (this.#names.has(name)) return;
    const file = path.join(this.#folder, name);
    const stats = statIfAny(file);
    if (stats?.isDirectory()) this.#lookBelow(file, name);
    else if (stats?.isFile() && this.#isOfItsKind(name)) this.#host.found(file);
  }

  #lookBelow(folder: string, name: string): void {
    if (isJunkFolder(name)) return;
    for (const below of this.#below) this.#host.found(path.join(folder, below));
    if (this.#children.size === 0) return;
    this.#names.add(name);
    const adopted = new ListedFolder(folder, null, this.#host);
    adopted.#isLike(this.#children);
    this.#adopted.push(adopted);
  }

  #isLike(siblings: ReadonlySet<ListedFolder>): void {
    for (const sibling of siblings) {
      for (const name of sibling.#loaded) this.#loaded.add(name);
      for (const name of sibling.#below) this.#below.add(name);
      for (const child of sibling.#children) this.#children.add(child);
    }
  }

  /** Whether what it loads are files of such a name, and what it leaves out are not. */
  #isOfItsKind(name: string): boolean {
    if (isJunkFile(name) || name.startsWith('.')) return false;
    const loaded = [...this.#loaded];
    const ending = endingOf(name);
    if (loaded.some((each) => endingOf(each) === ending)) return true;
    const isLeftOut = [...this.#names].some((each) => !this.#loaded.has(each) && endingOf(each) === ending);
    return (
      !isLeftOut && !BESIDE.test(name) && loaded.some((each) => path.extname(each) === path.extname(name))
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
    for (const adopted of this.#adopted) adopted.close();
  }
}

/** `.model.js` of `user.model.js`. */
function endingOf(name: string): string {
  const dot = name.indexOf('.', 1);
  return dot === -1 ? '' : name.slice(dot);
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Epoch ms; 0: it is gone. */
function bornAt(file: string): number {
  return statIfAny(file)?.birthtimeMs ?? 0;
}

function statIfAny(file: string): fs.Stats | null {
  try {
    return statAt(file);
  } catch {
    // A circle of links, or not ours to look at.
    return null;
  }
}
