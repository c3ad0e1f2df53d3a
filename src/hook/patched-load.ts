/** Where Node hands out no bindings: CommonJS modules by the loader's own method, which shows in stack traces. */
import { Module } from './module-class.ts';

export function patchLoad(loading: (file: string, parent: string | null) => void): void {
  const { prototype } = Module;
  const original = prototype.load;
  prototype.load = function load(filename) {
    try {
      loading(filename, this.parent?.filename ?? null);
    } catch {
      // The app's call goes on.
    }
    return Reflect.apply(original, this, [filename]);
  };
}
