/** The folders from which a service's run, and the one on trial, load what they find there. */
import path from 'node:path';
import { ListedFolder, type ListedHost } from './listed.ts';

/** A file was loaded after the folder in which it is had been listed, or the one above that. Epoch ms; null: it was not. */
export interface Listing {
  own: number | null;
  above: number | null;
}

type Folders = Map<string, ListedFolder>;

export class Listings {
  readonly #host: ListedHost;
  #current: Folders = new Map();
  #trial: Folders = new Map();

  constructor(host: ListedHost) {
    this.#host = host;
  }

  loaded(file: string, { own, above }: Listing, onTrial: boolean): void {
    const folders = onTrial ? this.#trial : this.#current;
    const folder = path.dirname(file);
    const name = path.basename(file);
    const its = own === null ? null : this.#folder(folders, folder, own);
    its?.loaded(name);
    if (above === null) return;
    const parent = this.#folder(folders, path.dirname(folder), above);
    parent.knows(path.basename(folder));
    if (its === null) parent.loadedBelow(name);
    else parent.loadedFrom(its);
  }

  /** Looks at a path as if it had just come. */
  look(file: string): void {
    this.#current.get(path.dirname(file))?.see(file, true);
    this.#current.get(path.dirname(path.dirname(file)))?.see(path.dirname(file), true);
  }

  /** Another run is begun, and lists them anew. */
  clear(): void {
    closeAll(this.#current);
    this.withdraw();
  }

  /** The run on trial is the current one. */
  keep(): void {
    closeAll(this.#current);
    this.#current = this.#trial;
    this.#trial = new Map();
  }

  /** It is not. */
  withdraw(): void {
    closeAll(this.#trial);
  }

  #folder(folders: Folders, folder: string, at: number): ListedFolder {
    const known = folders.get(folder) ?? new ListedFolder(folder, at, this.#host);
    folders.set(folder, known);
    return known;
  }
}

function closeAll(folders: Folders): void {
  for (const folder of folders.values()) folder.close();
  folders.clear();
}
