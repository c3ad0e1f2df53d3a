/**
 * What one run has loaded so far, and who asked for what. Pure, and filled line by line.
 *
 * Kept for every running service by an idle daemon, so it is small: each path is held once, a file's
 * parents are numbers, and one parent (nearly always) takes no array.
 */
import { dirname } from 'node:path';
import {
  type HelloLine,
  type LinkLine,
  type ListLine,
  type LoadLine,
  type MissingLine,
  OWN_ENVIRONMENT,
  type QuietLine,
  type ReportLanguage,
  type ReportLine,
} from '../contract/report.ts';
import { candidatePaths } from './candidates.ts';
import { type Ancestry, shortestChain } from './chain.ts';
import { isInstalled, packageOf } from './packages.ts';

/** Distinct paths of one run, parents included; what comes after them is not kept. */
export const MAX_PATHS = 50_000;
const MAX_PARENTS = 64;
const MAX_MISSING = 1_000;
const MAX_READS = 5_000;
const MAX_LINKS = 1_000;
const MAX_LISTS = 2_000;
const MAX_REASONS = 20;

export interface Missing {
  specifier: string;
  /** Null: an entry, or it is not known who asked. */
  parent: string | null;
  /** Absolute paths at which it may come to be; empty for a package. */
  candidates: string[];
}

/** When the folder of a loaded file, and the one above, had been listed before it was loaded: epoch ms; null: it was not. */
export interface Listing {
  own: number | null;
  above: number | null;
}

/** What a line has taught: more to watch. `at`: epoch ms of the load, or of the search in vain: what changed since then counts. */
export type News =
  | { kind: 'file'; file: string; at: number; listing: Listing | null }
  | { kind: 'missing'; candidates: string[]; at: number }
  /** Not all of it tells what it loads. */
  | { kind: 'unfollowed' };

/** Stands among a file's parents for "nobody, or nobody known". */
const NOBODY = -1;

export class Loaded implements Ancestry {
  readonly #cwd: string;
  readonly #ids = new Map<string, number>();
  readonly #paths: string[] = [];
  /** First load, epoch ms, by id; NaN for what was only named as a parent. */
  readonly #at: number[] = [];
  readonly #parents: (number | number[])[] = [];
  readonly #missing = new Map<string, Missing>();
  /** And when first. */
  readonly #reads = new Map<string, number>();
  readonly #links = new Set<string>();
  /** Listed folders, and when first. */
  readonly #lists = new Map<string, number>();
  readonly #reasons = new Set<string>();
  readonly #languages = new Map<ReportLanguage, string>();
  #size = 0;
  #listeningAt: number | null = null;
  #isCut = false;
  #isVague = false;

  /** `cwd`: folder that the service starts in. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** Null when the line teaches nothing that has to be watched. */
  take(line: ReportLine): News | null {
    switch (line[0]) {
      case 'hello':
        this.#hello(line);
        return null;
      case 'load':
        return this.#load(line);
      case 'missing':
        return this.#miss(line);
      case 'read':
        if (!isInstalled(line[2]) && this.#reads.size < MAX_READS && !this.#reads.has(line[2]))
          this.#reads.set(line[2], line[1]);
        return null;
      case 'link':
        return this.#link(line);
      case 'list':
        this.#list(line);
        return null;
      case 'listening':
        this.#listeningAt ??= line[1];
        return null;
      case 'quiet':
        return this.#quiet(line);
      case 'control':
      case 'gated':
      case 'attached':
      case 'uncaptured':
        return null;
    }
  }

  /** The report went on and could not be read to its end. */
  cut(): void {
    this.#isCut = true;
  }

  /** Number of files of the project that were loaded. */
  get size(): number {
    return this.#size;
  }

  /** True when there was more than is kept here. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** True once a process with a hook has begun. */
  get hasHello(): boolean {
    return this.#languages.size > 0;
  }

  /** With the version of the process that said hello last. */
  get languages(): ReadonlyMap<ReportLanguage, string> {
    return this.#languages;
  }

  /** What reports nothing on purpose, in the words of its `quiet` lines. */
  get quiet(): readonly string[] {
    return [...this.#reasons];
  }

  /** Epoch ms at which the first server listened. */
  get listeningAt(): number | null {
    return this.#listeningAt;
  }

  /** True where a load without a parent may have had one: ES modules before Node 22.15. */
  get isVague(): boolean {
    return this.#isVague;
  }

  /** Files of which nobody is known who asked for them: entries, and more of them where `isVague`. */
  *orphans(): Generator<string> {
    for (const file of this.files()) if (this.parentsOf(file).length === 0) yield file;
  }

  /** In the order of their first mention. */
  *files(): Generator<string> {
    for (const [path, id] of this.#ids) if (!Number.isNaN(this.#at[id])) yield path;
  }

  get missing(): readonly Missing[] {
    return [...this.#missing.values()];
  }

  /** Symbolic links that led to what was loaded. */
  get links(): ReadonlySet<string> {
    return this.#links;
  }

  /** Read at run time, and not loaded as modules. */
  get reads(): readonly string[] {
    return [...this.#reads.keys()].filter((file) => !this.has(file));
  }

  /** Whether the run read it only when it served already. */
  isReadLate(file: string): boolean {
    return this.#listeningAt !== null && (this.#reads.get(file) ?? 0) > this.#listeningAt;
  }

  has(file: string): boolean {
    return this.loadedAt(file) !== null;
  }

  /** Epoch ms of the first load; null for what was not loaded. */
  loadedAt(file: string): number | null {
    const id = this.#ids.get(file);
    const at = id === undefined ? Number.NaN : (this.#at[id] ?? Number.NaN);
    return Number.isNaN(at) ? null : at;
  }

  /** Null for what was not found by listing a folder, as far as can be told. */
  listingOf(file: string): Listing | null {
    const at = this.loadedAt(file);
    if (this.#lists.size === 0 || at === null) return null;
    const listed = (folder: string) => {
      const its = this.#lists.get(folder);
      return its === undefined || its > at ? null : its;
    };
    const folder = dirname(file);
    const listing = { own: listed(folder), above: listed(dirname(folder)) };
    return listing.own === null && listing.above === null ? null : listing;
  }

  parentsOf(file: string): string[] {
    return this.#parentIds(file).flatMap((id) => (id === NOBODY ? [] : (this.#paths[id] ?? [])));
  }

  isEntry(file: string): boolean {
    const parents = this.#parentIds(file);
    return parents.includes(NOBODY) && (!this.#isVague || parents.length === 1);
  }

  orphanedAt(file: string): number | null {
    return this.#parentIds(file).includes(NOBODY) ? this.loadedAt(file) : null;
  }

  /**
   * The shortest chain from an entry to the file, both included: absolute paths, and names of packages.
   * Null for what was not loaded. Where `isVague`, `explain` finds more.
   */
  chainTo(file: string): string[] | null {
    return this.has(file) ? shortestChain(this, file) : null;
  }

  /** Absolute paths that this specifier may mean in this file; see candidates.ts. */
  candidates(specifier: string, parent: string | null): string[] {
    return candidatePaths(specifier, parent, this.#cwd);
  }

  #hello([, , , language, version]: HelloLine): void {
    this.#languages.set(language, version);
    if (language === 'node' && !namesParents(version)) this.#isVague = true;
  }

  #load([, at, file, parent]: LoadLine): News | null {
    if (isInstalled(file)) return null;
    const id = this.#idOf(file);
    if (id === null) return null;
    const asker = parent === null ? NOBODY : this.#idOf(packageOf(parent) ?? parent);
    if (asker !== null && asker !== id) this.#addParent(id, asker);
    const before = this.#at[id] ?? Number.NaN;
    if (before <= at) return null;
    this.#at[id] = at;
    if (Number.isNaN(before)) this.#size++;
    if (!Number.isNaN(before)) return null;
    return { kind: 'file', file: this.#paths[id] ?? file, at, listing: this.listingOf(file) };
  }

  #quiet([, , , why]: QuietLine): News | null {
    const isNew = why === OWN_ENVIRONMENT && !this.#reasons.has(why);
    addBounded(this.#reasons, why, MAX_REASONS);
    return isNew ? { kind: 'unfollowed' } : null;
  }

  #link([, at, link]: LinkLine): News | null {
    if (this.#links.has(link) || this.#links.size >= MAX_LINKS) return null;
    this.#links.add(link);
    return { kind: 'file', file: link, at, listing: null };
  }

  #list([, at, folder]: ListLine): void {
    if (this.#lists.has(folder) || this.#lists.size >= MAX_LISTS) return;
    this.#lists.set(folder, at);
  }

  #miss([, at, specifier, parent]: MissingLine): News | null {
    const key = `${specifier}\0${parent ?? ''}`;
    if (this.#missing.has(key)) return null;
    const candidates = this.candidates(specifier, parent);
    // An optional dependency of a package is its own business; the project's file that it asks for is not.
    if (candidates.length === 0 && parent !== null && isInstalled(parent)) return null;
    if (this.#missing.size >= MAX_MISSING) {
      this.cut();
      return null;
    }
    this.#missing.set(key, { specifier, parent, candidates });
    return candidates.length === 0 ? null : { kind: 'missing', candidates, at };
  }

  #idOf(path: string): number | null {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const id = this.#paths.length;
    if (id >= MAX_PATHS) {
      this.cut();
      return null;
    }
    this.#ids.set(path, id);
    this.#paths.push(path);
    this.#at.push(Number.NaN);
    this.#parents.push([]);
    return id;
  }

  #addParent(id: number, parent: number): void {
    const known = this.#parents[id] ?? [];
    if (typeof known === 'number') {
      if (known !== parent) this.#parents[id] = [known, parent];
    } else if (known.length === 0) this.#parents[id] = parent;
    else if (known.length < MAX_PARENTS && !known.includes(parent)) known.push(parent);
  }

  #parentIds(file: string): number[] {
    const id = this.#ids.get(file);
    const known = id === undefined ? [] : (this.#parents[id] ?? []);
    return typeof known === 'number' ? [known] : known;
  }
}

function addBounded(set: Set<string>, value: string, most: number): void {
  if (set.size < most) set.add(value);
}

/** Whether this Node tells who imports an ES module: `module.registerHooks` came with 22.15 and 23.5. */
function namesParents(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}
