/** From the TCP connection to the TLSSocket that speaks over it: Node knows only the other way. */
import { binding, replace } from '../bindings.ts';
import { ownerOf } from './natives.ts';

const wraps = new WeakMap<object, object>();
let isWatching = false;

/** From now on; told once. */
export function watchTls(): void {
  if (isWatching) return;
  isWatching = true;
  const tls = binding('tls_wrap');
  if (tls === null) return;
  replace(
    tls,
    'wrap',
    (original) =>
      function wrap(this: unknown, ...args: unknown[]) {
        const wrapped = Reflect.apply(original, this, args);
        if (isObject(args[0]) && isObject(wrapped)) wraps.set(args[0], wrapped);
        return wrapped;
      },
  );
}

/** `handle`: of the TCP connection. */
export function tlsSocketOver(handle: object): object | null {
  const wrap = wraps.get(handle);
  return wrap === undefined ? null : ownerOf(wrap);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
