/** The first time that a server of this process listens, on TCP or on a unix socket. */
import { binding, replace } from './bindings.ts';

/** Below `net`, which need not be loaded for it (2 ms) and keeps its own functions. */
const HANDLES = [
  ['tcp_wrap', 'TCP'],
  ['pipe_wrap', 'Pipe'],
] as const;

/** Called once; what was put in its way is then gone. */
export function watchFirstListen(listens: () => void): void {
  const undo: (() => void)[] = [];
  for (const [module, name] of HANDLES) {
    const handle = binding(module)?.[name] as { prototype: Record<string, unknown> } | undefined;
    if (handle === undefined) continue;
    const restore = replace(
      handle.prototype,
      'listen',
      (original) =>
        function listen(this: unknown, ...args: unknown[]) {
          const failed = Reflect.apply(original, this, args);
          if (failed === 0 && undo.length > 0) {
            for (const one of undo.splice(0)) one();
            listens();
          }
          return failed;
        },
    );
    if (restore !== null) undo.push(restore);
  }
}
