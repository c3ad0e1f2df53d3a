/** Files of the project that are read, not loaded, before the process listens: candidates for `watch`. */
import { resolve } from 'node:path';
import { resolved } from './real-path.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

/** A worker that never listens reads for ever: this many are enough to know its kind. */
const MOST = 1000;

export class ReadFiles {
  readonly #report: Report;
  readonly #scope: Scope;
  #seen: Set<string> | null = new Set();

  constructor(report: Report, scope: Scope) {
    this.#report = report;
    this.#scope = scope;
  }

  opening(path: string): void {
    const seen = this.#seen;
    if (seen === null || seen.has(path)) return;
    seen.add(path);
    if (seen.size > MOST) this.stop();
    const absolute = path.charCodeAt(0) === 47 ? path : resolve(path);
    if (!this.#scope.isProjectFile(absolute)) return;
    const file = resolved(absolute);
    if (this.#scope.isProjectFile(file)) this.#report.read(file);
  }

  stop(): void {
    this.#seen = null;
  }
}
