/**
 * An app's bind, listen and connect, as they pass below `net`: whatever was called to get there, the lookup of names,
 * the way from `::` to 0.0.0.0, the order of events, errors and their stack traces stay Node's own, and `net` need not
 * be loaded for it.
 */
import { type Native, replace } from '../bindings.ts';
import type { Binder, Bound } from './binder.ts';
import type { TcpBinding, TcpHandle } from './natives.ts';

/** `begin`: asked for at the first bind; null when it cannot be had. False where this Node does not let us. */
export function watchListens(tcp: TcpBinding, begin: () => Binder | null): boolean {
  let binder: Binder | null | undefined;
  const bound = new WeakMap<object, Bound>();
  const bind = (original: Native): Native =>
    function bind(this: unknown, ...args: unknown[]) {
      const handle = this as TcpHandle;
      if (binder === undefined) binder = begin();
      const found = binder?.find(handle, args[0], args[1], args[2]) ?? null;
      if (found !== null) bound.set(handle, found);
      if (found !== null && found.kind !== 'uncaptured') return 0;
      return Reflect.apply(original, this, args);
    };
  const listen = (original: Native): Native =>
    function listen(this: unknown, ...args: unknown[]) {
      const handle = this as TcpHandle;
      const found = bound.get(handle);
      const native = (on: TcpHandle) => Reflect.apply(original, on, args) as number;
      if (found === undefined || !binder) return native(handle);
      bound.delete(handle);
      return binder.listen(handle, found, native);
    };
  const connect = (original: Native): Native =>
    function connect(this: unknown, ...args: unknown[]) {
      if (binder && typeof args[2] === 'number') binder.connects(args[2]);
      return Reflect.apply(original, this, args);
    };
  const prototype = tcp.TCP.prototype;
  const undo = [
    replace(prototype, 'bind', bind),
    replace(prototype, 'bind6', bind),
    replace(prototype, 'listen', listen),
    replace(prototype, 'connect', connect),
    replace(prototype, 'connect6', connect),
  ];
  if (!undo.includes(null)) return true;
  for (const one of undo) one?.();
  return false;
}
