/** Who called: the file names of the stack, without anybody's `Error.prepareStackTrace` taking part. */

/** Deep enough for a require through Node's loader and a wrapper or two. */
const FRAMES = 20;

/**
 * File names from the caller of `above` upwards (`node:internal/…` for Node's own files);
 * empty when it cannot be told.
 */
export function callers(above: (...args: never[]) => unknown, frames = FRAMES): string[] {
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const names: string[] = [];
  try {
    Error.stackTraceLimit = frames;
    Error.prepareStackTrace = (_error, sites) => {
      for (const site of sites) names.push(site.getFileName() ?? '');
      return '';
    };
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, above);
    void holder.stack;
  } catch {
    // Frozen intrinsics.
  } finally {
    restore('prepareStackTrace', prepare);
    restore('stackTraceLimit', limit);
  }
  return names;
}

function restore(
  name: 'prepareStackTrace' | 'stackTraceLimit',
  before: PropertyDescriptor | undefined,
): void {
  try {
    if (before !== undefined) Object.defineProperty(Error, name, before);
    else delete (Error as Partial<typeof Error>)[name];
  } catch {
    // Frozen intrinsics: nothing was changed either.
  }
}
