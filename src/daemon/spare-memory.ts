/**
 * A daemon has little to do, and stays small: no optimized code, a young generation that does not grow, and nothing left
 * in V8's heap of its start, the text of its own code among it, which would stay there until the heap grows. Later what
 * a busy time has left is collected too: V8 would let the heap grow to several times its size before it does so.
 */
import { runInNewContext } from 'node:vm';

/** As guard.sh sets them for a first start; where they are not set, V8 reads the code of Node's own modules faster. */
const FLAGS = ['--no-opt', '--no-sparkplug', '--semi-space-growth-factor=1'];
/** Bytes by which the heap may have grown, garbage included. */
const MOST_GROWTH = 6 * 2 ** 20;
/** ms after something has happened: what follows from it comes first. */
const AFTER_MS = 500;

/** Hands back what is to be called when something has happened. */
export function spareMemory(): () => void {
  // It takes some ms to load: not for a start.
  const { setFlagsFromString, getHeapStatistics }: typeof import('node:v8') = require('node:v8');
  for (const flag of FLAGS) setFlagsFromString(flag);
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  const used = () => getHeapStatistics().used_heap_size;
  let small = 0;
  const collect = () => {
    gc();
    small = used();
  };
  let isToLook = false;
  collect();
  return () => {
    if (isToLook) return;
    isToLook = true;
    setTimeout(() => {
      isToLook = false;
      if (used() > small + MOST_GROWTH) collect();
    }, AFTER_MS).unref();
  };
}
