/** Files of the project that are read, not loaded: candidates for `watch`. */
import { absolutePath, resolved } from './real-path.ts';
import type { Scope } from './scope.ts';

/** A worker that never listens reads for ever: this many are enough to know its kind. */
const MOST = 1000;
/** What is read once the process listens, at a request say, may be without end. */
const MOST_LATER = 200;

export class ReadFiles {
  readonly #scope: Scope;
  #seen: Set<string> | null = new Set();
  #most = MOST;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** The file to tell of; null when there is nothing new to tell. */
  opened(path: string): string | null {
    const seen = this.#seen;
    if (seen === null || seen.has(path)) return null;
    seen.add(path);
    if (seen.size > this.#most) this.#seen = null;
    const absolute = path.charCodeAt(0) === 47 ? path : absolutePath(path);
    if (!this.#scope.isProjectFile(absolute)) return null;
    const file = resolved(absolute);
    return this.#scope.isProjectFile(file) ? file : null;
  }

  /** The process listens from now on. */
  listening(): void {
    this.#most = Math.min(MOST, (this.#seen?.size ?? 0) + MOST_LATER);
  }
}
