/** A workspace of random modules on disk: the graph, its files, and the ways in which editors write them. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ENDING, type How, type Module, type ModuleKind, type Role, waysBetween } from './modules.ts';
import type { Chance } from './random.ts';
import { textOf } from './text.ts';

export type Save = 'in place' | 'in two steps' | 'by rename' | 'with a backup' | 'deleted and created';
export const SAVES: readonly Save[] = [
  'in place',
  'in two steps',
  'by rename',
  'with a backup',
  'deleted and created',
];

/** Folders of the modules; those of entries are `servers` and `packages`. */
const FOLDERS = ['lib', 'engine', 'engine/deep/down', 'ünï cödé'];
/** All that an edit may change. */
const TREES = ['lib', 'engine', 'ünï cödé', 'servers', 'packages'];

export interface Traits {
  /** TypeScript too: tsx is there. */
  typescript: boolean;
  /** Node can `import` JSON with an attribute. */
  importsJson: boolean;
}

export class Workspace {
  readonly root: string;
  readonly modules: Module[] = [];
  readonly #chance: Chance;
  readonly #traits: Traits;
  #count = 0;

  /** `root`: absolute. */
  constructor(root: string, chance: Chance, traits: Traits) {
    this.root = root;
    this.#chance = chance;
    this.#traits = traits;
  }

  get services(): Module[] {
    return this.modules.filter(({ role }) => typeof role === 'object');
  }

  /** Modules that anybody may load, of every kind, some in packages; they know each other. */
  fill(count: number): void {
    const kinds: ModuleKind[] = ['cjs', 'cjs', 'cjs', 'esm', 'esm', 'esm', 'json'];
    if (this.#traits.typescript) kinds.push('ts', 'ts', 'mts');
    for (let n = 0; n < count; n++) this.add(this.#chance.one(kinds));
    for (let n = 0; n < 2; n++) this.add('cjs', { pkg: `linked-${n}` });
    this.#chain(['cjs', 'cjs', 'cjs', 'cjs', 'cjs']);
    this.#chain(['esm', 'esm', 'esm', 'cjs', 'cjs', 'json']);
    for (const from of this.modules) {
      const others = this.modules.filter((to) => to.id < from.id);
      for (const to of this.#chance.some(others, this.#chance.whole(0, 3))) this.link(from, to);
    }
    this.#circle('cjs');
    this.#circle('esm');
  }

  /** A service whose entry asks for some of what is there, maybe in a thread or a child too. */
  serve(service: string, kind: ModuleKind, port: number): Module {
    const others = this.modules.filter(({ role }) => role === 'module');
    const entry = this.add(kind, { role: { service, port }, file: `servers/${service}${ENDING[kind]}` });
    const ways = others.filter((to) => waysBetween(entry, to).length > 0);
    for (const to of this.#chance.some(ways, this.#chance.whole(1, 5))) this.link(entry, to);
    for (const role of ['worker', 'fork'] as const) {
      if (!this.#chance.often(0.35)) continue;
      const its = this.add(this.#chance.one(['cjs', 'esm'] as const), { role });
      for (const to of this.#chance.some(others, 3)) this.link(its, to);
      entry.links.push({ to: its, how: role, hidden: false });
    }
    return entry;
  }

  add(kind: ModuleKind, how: { pkg?: string; role?: Role; file?: string } = {}): Module {
    const id = this.#count++;
    const { pkg = null, role = 'module' } = how;
    const folder = pkg === null ? this.#chance.one(FOLDERS) : `packages/${pkg}`;
    const file = how.file ?? `${folder}/${pkg === null ? `m${id}` : 'index'}${ENDING[kind]}`;
    const module = { id, kind, role, pkg, file, links: [], version: 0, tail: '', changes: 0 };
    this.modules.push(module);
    return module;
  }

  /** False when this one cannot ask for that one, or does already. */
  link(from: Module, to: Module, only?: How): boolean {
    const ways = waysBetween(from, to).filter((how) => only === undefined || how === only);
    if (ways.length === 0 || from === to || from.links.some((link) => link.to === to)) return false;
    const how = this.#chance.one(ways);
    const mustHide = from.kind === 'esm' && to.kind === 'json' && !this.#traits.importsJson;
    const mayHide = to.pkg === null && !(from.kind === 'esm' && how === 'static' && to.kind === 'esm');
    const cannotHide = from.kind === 'mts' && how === 'static';
    from.links.push({ to, how, hidden: mustHide || (mayHide && !cannotHide && this.#chance.often(0.25)) });
    return true;
  }

  write(): void {
    for (const tree of [...TREES, ...FOLDERS]) mkdirSync(this.at(tree), { recursive: true });
    for (const module of this.modules) {
      mkdirSync(dirname(this.at(module.file)), { recursive: true });
      writeFileSync(this.at(module.file), textOf(module));
      if (module.pkg === null) continue;
      const manifest = JSON.stringify({ name: module.pkg, version: '1.0.0', main: 'index.js' });
      writeFileSync(this.at(`packages/${module.pkg}/package.json`), manifest);
      mkdirSync(this.at('node_modules'), { recursive: true });
      symlinkSync(`../packages/${module.pkg}`, this.at(`node_modules/${module.pkg}`));
    }
  }

  at(file: string): string {
    return join(this.root, file);
  }

  /** Its text as it is now, written as `save` says; where it is linked, maybe through the link. */
  save(module: Module, save: Save): void {
    const linked = module.pkg !== null && this.#chance.often(0.5);
    const file = this.at(linked ? `node_modules/${module.pkg}/index.js` : module.file);
    saveFile(file, textOf(module), save);
  }

  /** Another content than before. */
  change(module: Module): void {
    module.changes++;
    if (this.#chance.often(0.5)) module.version++;
    else module.tail += module.kind === 'json' ? '+' : `// appended ${module.changes}\n`;
  }

  /** The text of every file, by its workspace-relative path. */
  contents(): Map<string, string> {
    const found = new Map<string, string>();
    const look = (folder: string) => {
      for (const name of readdirSync(this.at(folder))) {
        const path = `${folder}/${name}`;
        if (statSync(this.at(path)).isDirectory()) look(path);
        else found.set(path, readFileSync(this.at(path), 'utf8'));
      }
    };
    for (const tree of TREES) if (existsSync(this.at(tree))) look(tree);
    return found;
  }

  #chain(kinds: readonly ModuleKind[]): void {
    const made = kinds.map((kind) => this.add(kind));
    made.forEach((module, n) => {
      const next = made[n + 1];
      if (next) this.link(module, next, 'static');
    });
  }

  /** Two or three that ask for each other. */
  #circle(kind: ModuleKind): void {
    const among = this.modules.filter((module) => module.kind === kind && module.pkg === null);
    const members = this.#chance.some(among, this.#chance.whole(2, 3));
    members.forEach((from, n) => {
      const to = members[(n + 1) % members.length];
      if (to) this.link(from, to, 'static');
    });
  }
}

export function saveFile(file: string, text: string, save: Save): void {
  switch (save) {
    case 'in place':
      return writeFileSync(file, text);
    case 'in two steps':
      writeFileSync(file, '');
      return writeFileSync(file, text);
    case 'by rename':
      writeFileSync(`${file}.tmp~`, text);
      return renameSync(`${file}.tmp~`, file);
    case 'with a backup':
      renameSync(file, `${file}~`);
      writeFileSync(file, text);
      return rmSync(`${file}~`);
    case 'deleted and created':
      unlinkSync(file);
      return writeFileSync(file, text);
  }
}

/** True when somebody's link leads to it, whenever that is followed. */
export function isAskedFor(modules: readonly Module[], module: Module): boolean {
  return modules.some(({ links }) => links.some(({ to }) => to === module));
}
