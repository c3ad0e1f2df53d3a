/** What a person, an editor, an agent or git does to a workspace, at random. */
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Module } from './modules.ts';
import type { Chance } from './random.ts';
import { textOf } from './text.ts';
import { isAskedFor, SAVES, saveFile, type Workspace } from './workspace.ts';

const WEIGHTS = {
  save: 30,
  'save what nobody uses': 8,
  touch: 5,
  'change the mode': 2,
  'save the same': 6,
  'there and back': 6,
  'import more': 9,
  'import less': 7,
  'a new module': 7,
  'a new file': 3,
  move: 7,
  burst: 9,
  checkout: 3,
  'swap a folder': 3,
  'delete what nobody uses': 3,
};
export type EditName = keyof typeof WEIGHTS;

/** Just after a start, a file may be changed so often before it counts as the service's own (watch/loops.ts). */
const mayChange = ({ kind, changes }: Module) => changes < (kind === 'json' ? 3 : 5);

export class Edits {
  readonly #space: Workspace;
  readonly #chance: Chance;
  /** Files that some service has loaded. */
  readonly #used: () => ReadonlySet<string>;
  #files = 0;

  constructor(space: Workspace, chance: Chance, used: () => ReadonlySet<string>) {
    this.#space = space;
    this.#chance = chance;
    this.#used = used;
  }

  /** Edits, and says in words what. */
  next(): string {
    for (;;) {
      const name = this.#chance.weighted(WEIGHTS);
      const what = this.#do(name);
      if (what !== null) return `${name}: ${what}`;
    }
  }

  #do(name: EditName): string | null {
    switch (name) {
      case 'save':
        return this.#change(this.#some(this.#isUsed, 1));
      case 'save what nobody uses':
        return this.#change(this.#some((module) => !this.#isUsed(module), 1));
      case 'burst':
        return this.#burst();
      case 'touch':
        return this.#each(this.#some(this.#isUsed, 2), (file) => {
          const now = new Date();
          utimesSync(file, now, now);
        });
      case 'change the mode':
        return this.#each(this.#some(this.#isUsed, 2), (file) => chmodSync(file, 0o600));
      case 'save the same':
        return this.#same(this.#some(this.#isUsed, 3));
      case 'there and back':
        return this.#thereAndBack();
      case 'import more':
        return this.#importMore();
      case 'import less':
        return this.#importLess();
      case 'a new module':
        return this.#newModule();
      case 'a new file':
        writeFileSync(this.#space.at(`lib/notes ${++this.#files}.txt`), 'not a module\n');
        return `lib/notes ${this.#files}.txt`;
      case 'move':
        return this.#move();
      case 'checkout':
        return this.#checkout();
      case 'swap a folder':
        return this.#swap();
      case 'delete what nobody uses':
        return this.#delete();
    }
  }

  #isUsed = (module: Module): boolean => this.#used().has(module.file);

  #some(which: (module: Module) => boolean, most: number): Module[] {
    const among = this.#space.modules.filter((module) => which(module) && mayChange(module));
    return this.#chance.some(among, this.#chance.whole(1, most));
  }

  #change(modules: readonly Module[]): string | null {
    if (modules.length === 0) return null;
    const save = this.#chance.one(SAVES);
    for (const module of modules) {
      this.#space.change(module);
      this.#space.save(module, save);
    }
    return `${modules.map(({ file }) => file).join(', ')} ${save}`;
  }

  #burst(): string | null {
    const modules = this.#some(() => true, 6);
    const times = this.#chance.whole(1, 4);
    for (const module of modules) this.#space.change(module);
    for (let n = times; n >= 1; n--) {
      for (const module of modules) {
        if (n > 1) saveFile(this.#space.at(module.file), `${textOf(module)}${' '.repeat(n)}`, 'in place');
        else this.#space.save(module, this.#chance.one(SAVES));
      }
    }
    return modules.length === 0 ? null : `${modules.map(({ file }) => file).join(', ')}, ${times} times`;
  }

  #each(modules: readonly Module[], act: (file: string) => void): string | null {
    for (const { file } of modules) act(this.#space.at(file));
    return modules.length === 0 ? null : modules.map(({ file }) => file).join(', ');
  }

  #same(modules: readonly Module[]): string | null {
    const save = this.#chance.one(SAVES);
    for (const module of modules) this.#space.save(module, save);
    return modules.length === 0 ? null : `${modules.map(({ file }) => file).join(', ')} ${save}`;
  }

  #thereAndBack(): string | null {
    const modules = this.#some(this.#isUsed, 8);
    const save = this.#chance.one(SAVES);
    for (const { file } of modules) saveFile(this.#space.at(file), 'elsewhere\n', save);
    return this.#same(modules);
  }

  #importMore(): string | null {
    const [from] = this.#some((module) => this.#isUsed(module) && module.kind !== 'json', 1);
    // Only what comes before it: what comes after may ask for it, and not every circle can be loaded.
    const others = this.#space.modules.filter(({ id, role }) => role === 'module' && id < (from?.id ?? 0));
    const to = this.#chance.some(others, others.length).find((each) => from && this.#space.link(from, each));
    if (!from || !to) return null;
    return `${to.file} by ${this.#change([from])}`;
  }

  #importLess(): string | null {
    const [from] = this.#some((module) => this.#isUsed(module) && module.links.length > 0, 1);
    if (!from) return null;
    const [gone] = this.#chance.some(from.links, 1);
    from.links = from.links.filter((link) => link !== gone);
    return `${gone?.to.file} by ${this.#change([from])}`;
  }

  #newModule(): string | null {
    const [from] = this.#some((module) => this.#isUsed(module) && module.kind !== 'json', 1);
    if (!from) return null;
    const made = this.#space.add(from.kind);
    if (!this.#space.link(from, made)) throw new Error(`${from.kind} cannot ask for itself`);
    const folder = this.#chance.often(0.4) ? `lib/new ${made.id}/deep/` : 'lib/';
    made.file = folder + made.file.slice(made.file.lastIndexOf('/') + 1);
    mkdirSync(dirname(this.#space.at(made.file)), { recursive: true });
    const first = this.#chance.often(0.5);
    if (first) writeFileSync(this.#space.at(made.file), textOf(made));
    const what = this.#change([from]);
    if (!first) writeFileSync(this.#space.at(made.file), textOf(made));
    return `${made.file} by ${what}`;
  }

  #move(): string | null {
    const [module] = this.#some(({ role, pkg }) => role === 'module' && pkg === null, 1);
    if (!module) return null;
    const importers = this.#space.modules.filter(({ links }) => links.some(({ to }) => to === module));
    if (!importers.every(mayChange)) return null;
    const before = module.file;
    const folder = this.#chance.one(['lib/moved', 'engine', 'lib']);
    module.file = `${folder}/moved${++this.#files}-${before.slice(before.lastIndexOf('/') + 1)}`;
    mkdirSync(dirname(this.#space.at(module.file)), { recursive: true });
    renameSync(this.#space.at(before), this.#space.at(module.file));
    // Its own links start from elsewhere now.
    for (const each of [module, ...importers]) this.#change([each]);
    return `${before} to ${module.file}`;
  }

  /** Each file anew, as git does it: most of them with another content. */
  #checkout(): string | null {
    const all = this.#space.modules;
    if (!all.every(mayChange)) return null;
    const share = this.#chance.one([0.1, 0.5, 1]);
    for (const module of all) {
      if (this.#chance.often(share)) this.#space.change(module);
      saveFile(this.#space.at(module.file), textOf(module), 'deleted and created');
    }
    return `${all.length} files, ${share * 100} % of them changed`;
  }

  /** Renamed away, and another one of the same name put there. */
  #swap(): string | null {
    const folder = this.#chance.one(['lib', 'engine', 'packages', 'servers']);
    const inside = this.#space.modules.filter(({ file }) => file.startsWith(`${folder}/`));
    if (!inside.every(mayChange)) return null;
    const [whole, old] = [this.#space.at(folder), this.#space.at(`../old-${++this.#files}`)];
    const made = `${old}-made`;
    cpSync(whole, made, { recursive: true });
    const share = this.#chance.one([0, 0.3, 1]);
    for (const module of inside) {
      if (!this.#chance.often(share)) continue;
      this.#space.change(module);
      writeFileSync(made + module.file.slice(folder.length), textOf(module));
    }
    renameSync(whole, old);
    renameSync(made, whole);
    if (this.#chance.often(0.5)) rmSync(old, { recursive: true });
    return `${folder}, ${share * 100} % of it changed`;
  }

  #delete(): string | null {
    const { modules } = this.#space;
    const [module] = this.#some(
      (each) =>
        each.role === 'module' && each.pkg === null && !this.#isUsed(each) && !isAskedFor(modules, each),
      1,
    );
    if (!module) return null;
    rmSync(this.#space.at(module.file));
    modules.splice(modules.indexOf(module), 1);
    return module.file;
  }
}
