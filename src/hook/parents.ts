/** Which module asked for a CommonJS module. */
import { flags } from './flags.ts';
import type { CachedModule } from './module-class.ts';

const warnsOfParent =
  process.env['NODE_PENDING_DEPRECATION'] === '1' || flags().includes('--pending-deprecation');

/**
 * Whoever asks for a module has it as the last of its `children` when its file is opened, and mostly is the one that was
 * opened last and still runs. `module.parent` tells as well, through five functions of Node's that warn of it.
 */
export class Parents {
  /** From the first that still runs to the last that was opened. */
  #running: CachedModule[] = [];

  /** By name; null: nobody, or not known. `module` is about to be read. */
  of(module: CachedModule): string | null {
    const running = this.#running;
    for (let last = running.length - 1; last >= 0; last--) {
      const { children, filename } = running[last] as CachedModule;
      if (children?.[children.length - 1] !== module) continue;
      running.length = last + 1;
      running.push(module);
      return filename ?? null;
    }
    this.#running = [module];
    // Under --pending-deprecation it warns: then it is left unknown.
    return warnsOfParent ? null : (module.parent?.filename ?? null);
  }
}
