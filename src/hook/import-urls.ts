/**
 * Imports on Node before `module.registerHooks`, where asking for hooks costs a thread and 0.4 ms a module.
 *
 * Node's ES loader resolves in one synchronous go, and each step parses a url through the `url` binding. An import of
 * S by P shows there as
 *
 *     parse(P)  parse(S, P)  parse(S, P)  …                       parse(file of S)   relative
 *     parse(P)  parse(S)✗    parse(S)✗    parse(…, P) …           parse(file of S)   a package
 *     parse(P)  parse(S)     parse(S)                             parse(file of S)   a whole url
 *
 * and where it fails, with P again in the place of the file. An app's own urls may look alike for a step; so a failure
 * counts only if there is no such file, and a parent only for a file that the loader then reads.
 */
import { statSync } from 'node:fs';
import { binding, type Native, replace, withoutFrame } from './bindings.ts';
import { pathOfUrl } from './scope.ts';
import { missingOnce } from './searches.ts';
import { callers } from './stack.ts';

export interface UrlWatcher {
  missing(specifier: string, parent: string | null): void;
  resolved(path: string, parent: string | null): void;
}

/** False where this Node does not let us. */
export function watchByUrls(watcher: UrlWatcher): boolean {
  const url = binding('url');
  if (url === null) return false;
  const reader = new ImportReader({ ...watcher, missing: missingOnce(watcher) });
  return replace(url, 'parse', (original) => watchParse(original, reader)) !== null;
}

/** `parse(input, base[, throws])`: throws, or on some versions returns undefined, when it is no url. */
function watchParse(original: Native, reader: ImportReader): Native {
  return function parse(this: unknown, ...args: unknown[]) {
    reader.see(args[0], args[1]);
    try {
      return Reflect.apply(original, this, args);
    } catch (error) {
      throw withoutFrame(error, parse);
    }
  };
}

/** An import that is being resolved. */
interface Resolution {
  specifier: string;
  parent: string;
}

export class ImportReader {
  readonly #watcher: UrlWatcher;
  #current: Resolution | null = null;
  /** The last url that was parsed alone, when nothing else was since; and the one before. */
  #last: string | null = null;
  #before: string | null = null;
  /** A relative import that was parsed once. */
  #first: Resolution | null = null;
  #busy = false;
  /** The end of what runs now is waited for. */
  #isPlanned = false;

  constructor(watcher: UrlWatcher) {
    this.#watcher = watcher;
  }

  /** Never throws. */
  see(input: unknown, base: unknown): void {
    if (this.#busy || typeof input !== 'string') return;
    this.#busy = true;
    try {
      if (typeof base === 'string') this.#relative(input, base);
      else if (base === undefined) this.#alone(input);
    } catch {
      // Only a note is lost.
    } finally {
      this.#busy = false;
    }
  }

  /** Twice the same, after the parent alone. */
  #relative(input: string, base: string): void {
    const first = this.#first;
    this.#first = null;
    if (first?.specifier === input && first.parent === base) this.#begin(input, base);
    // package.json files are looked up for a file's format, and on the way to a package.
    else if (base === this.#last && !isPackageFile(input) && !isPackageFile(base)) {
      this.#first = { specifier: input, parent: base };
    }
    this.#remember(null, null);
  }

  #alone(input: string): void {
    this.#first = null;
    const twice = input === this.#last;
    const parent = twice ? this.#before : this.#last;
    if (input.startsWith('file:')) return this.#file(input, twice ? parent : null);
    if (input.startsWith('node:') || input.startsWith('data:')) this.#builtin();
    else if (parent?.startsWith('file:') && (twice || input.startsWith('#'))) {
      this.#begin(input, parent);
      return this.#remember(null, null);
    }
    if (!twice) this.#remember(input, this.#last);
  }

  /** `parent`: what was parsed before this url was parsed twice. */
  #file(url: string, parent: string | null): void {
    const current = this.#current;
    if (current === null) {
      if (parent?.startsWith('file:') && parent !== url) {
        this.#begin(url, parent);
        return this.#remember(url, null);
      }
      return this.#remember(url, url === this.#last ? this.#before : this.#last);
    }
    if (isBare(current.specifier)) {
      // The parent is named on the way too, for warnings, and not only in the error.
      if (url !== current.parent && !isPackageFile(url)) this.#end(this.#isResolving() ? url : null);
    } else if (url !== current.parent) this.#end(url);
    else if (!this.#exists(current)) this.#end(null);
    else if (current.specifier.startsWith('file:')) {
      // It was no import: this url is the first of the two that make one.
      this.#current = null;
      return this.#remember(url, current.specifier);
    } else this.#end(url);
    this.#remember(url, null);
  }

  /** A bare name that was found among Node's own, unless another import has begun. */
  #builtin(): void {
    if (this.#current !== null && this.#last === this.#current.parent) this.#end(null);
    else this.#current = null;
  }

  /** A module that was found before is being read: then this one has failed. Only packages are in doubt. */
  #isResolving(): boolean {
    return callers(this.see, 10).includes('node:internal/modules/esm/resolve');
  }

  #remember(last: string | null, before: string | null): void {
    this.#last = last;
    this.#before = before;
  }

  #begin(specifier: string, parent: string): void {
    this.#end(null);
    this.#current = { specifier, parent };
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    Promise.resolve().then(() => {
      this.#isPlanned = false;
      // All of it is synchronous: what has not ended by now has failed.
      this.#end(null);
    });
  }

  #end(url: string | null): void {
    const current = this.#current;
    if (current === null) return;
    this.#current = null;
    const parent = pathOfUrl(current.parent);
    if (url !== null) {
      const path = pathOfUrl(url);
      if (path !== null) this.#watcher.resolved(path, parent);
    } else if (!this.#exists(current)) this.#watcher.missing(current.specifier, parent);
  }

  #exists({ specifier, parent }: Resolution): boolean {
    if (isBare(specifier)) return false;
    const busy = this.#busy;
    this.#busy = true;
    try {
      const path = pathOfUrl(new URL(specifier, parent).href);
      return path !== null && statSync(path, { throwIfNoEntry: false }) !== undefined;
    } finally {
      this.#busy = busy;
    }
  }
}

const isPackageFile = (input: string) => input.endsWith('/package.json');
const isBare = (specifier: string) => !/^(?:\.{0,2}\/|file:)/.test(specifier);
