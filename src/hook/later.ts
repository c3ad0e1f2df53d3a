/** Compiles a part of the hook that was kept as text (tools/hook-bundle.mjs). */
import { Module } from './module-class.ts';

/** The `module` of a part, and the first one's. */
interface Part {
  exports: unknown;
  /** What the part before had taken. */
  compile?: Compile;
  /** What the part has as its `require`: for Node's own modules only. */
  builtin?: (id: string) => unknown;
}
type Compile = (this: Part, text: string, path: string, format: string) => unknown;

interface Loader {
  new (id: string): Part;
  _load(id: string, parent: Part): unknown;
  prototype: { _compile: Compile };
}

const loader = Module as unknown as Loader;
const own = module as Part;
// Taken now: apps and their loaders replace them.
const compile = own.compile ?? loader.prototype._compile;
const load = loader._load;
const builtin = own.builtin ?? ((id: string) => load(id, own));

/** What the part exports. Its frames are the hook's own. */
export function compiled(text: string): unknown {
  const part = new loader(__filename);
  part.compile = compile;
  part.builtin = builtin;
  compile.call(part, text, __filename, 'commonjs');
  return part.exports;
}
