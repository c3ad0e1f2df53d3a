/**
 * A daemon has little to do, and stays small: no optimized code, a young generation that does not grow, and nothing left
 * in V8's heap of its start, the text of its own code among it, which would stay there until the heap grows.
 */
import { runInNewContext } from 'node:vm';

/** As guard.sh sets them for a first start; where they are not set, V8 reads the code of Node's own modules faster. */
const FLAGS = ['--no-opt', '--no-sparkplug', '--semi-space-growth-factor=1'];

export function spareMemory(): void {
  // It takes some ms to load: not for a start.
  const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');
  for (const flag of FLAGS) setFlagsFromString(flag);
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  setFlagsFromString('--no-expose-gc');
}
