/** Compiles a part of the hook that was kept as text (tools/hook-bundle.mjs). */
import { Module } from './module-class.ts';

/** Of `module`: what the part before had taken. */
interface Part {
  exports: unknown;
  compile?: Compile;
}
type Compile = (this: Part, text: string, path: string, format: string) => unknown;

/** Taken now: apps and their loaders replace it. */
const compile = (module as Part).compile ?? (Module.prototype as unknown as { _compile: Compile })._compile;

/** What the part exports. Its frames are the hook's own. */
export function compiled(text: string): unknown {
  const part = new (Module as unknown as new (id: string) => Part)(__filename);
  part.compile = compile;
  compile.call(part, text, __filename, 'commonjs');
  return part.exports;
}
