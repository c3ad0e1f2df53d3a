/** Files of the project that are read, not loaded, before the process listens: candidates for `watch`. */
import { absolutePath, resolved } from './real-path.ts';
import type { Scope } from './scope.ts';

/** A worker that never listens reads for ever: this many are enough to know its kind. */
const MOST = 1000;

export class ReadFiles {
  readonly #scope: Scope;
  #seen: Set<string> | null = new Set();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The file to tell of; null when there is nothing new to tell. */
  opened(path: string): string | null {
    const seen = this.#seen;
    if (seen === null || seen.has(path)) return null;
    seen.add(path);
    if (seen.size > MOST) this.stop();
    const absolute = path.charCodeAt(0) === 47 ? path : absolutePath(path);
    if (!this.#scope.isProjectFile(absolute)) return null;
    const file = resolved(absolute);
    return this.#scope.isProjectFile(file) ? file : null;
  }

  stop(): void {
    this.#seen = null;
  }
}
