/**
 * Node's own bindings, which its JavaScript calls for each file that it opens. Replacing a function there is
 * seen by every loader and leaves no frame in the app's stack traces, unlike replacing `Module.prototype.load`.
 */

/** Any function of a binding; called on, never understood beyond what its user says. */
export type Native = (this: unknown, ...args: unknown[]) => unknown;

/** Null where Node does not hand it out: a later version, or `--permission`. */
export function binding(name: string): Record<string, unknown> | null {
  const before = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  try {
    // Some are handed out with a warning (DEP0111), which is not the app's.
    (process as { noDeprecation?: boolean }).noDeprecation = true;
    const { binding: get } = process as unknown as { binding: (name: string) => Record<string, unknown> };
    return get.call(process, name);
  } catch {
    return null;
  } finally {
    if (before !== undefined) Object.defineProperty(process, 'noDeprecation', before);
    else delete (process as { noDeprecation?: boolean }).noDeprecation;
  }
}

/**
 * Puts `make(original)` in the place of `owner[name]` and hands back the undo; null when there is no such function.
 * Name, length and text stay what they were where a native function's are looked at.
 */
export function replace(
  owner: Record<string, unknown>,
  name: string,
  make: (original: Native) => Native,
): (() => void) | null {
  const original = owner[name];
  if (typeof original !== 'function') return null;
  const replacement = make(original as Native);
  Object.defineProperty(replacement, 'name', { value: original.name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: original.length, configurable: true });
  owner[name] = replacement;
  return () => {
    if (owner[name] === replacement) owner[name] = original;
  };
}

/** Node prints no line of source that has this in it, and all of the hook is one line (tools/hook-bundle.mjs). */
withoutFrame.line = 'node-do-not-add-exception-line';

/** An error that `original` threw is given the stack that it would have without us. */
export function withoutFrame(error: unknown, replacement: Native): unknown {
  try {
    if (error instanceof Error) Error.captureStackTrace(error, replacement);
  } catch {
    // Frozen: it keeps the frame.
  }
  return error;
}
