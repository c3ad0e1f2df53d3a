/** What a start leaves in V8's heap, the text of the daemon's own code among it, would stay there: a daemon has little to do, and a heap is collected when it grows. */
import { runInNewContext } from 'node:vm';

export function collectGarbage(): void {
  // It takes some ms to load: not for a start.
  const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  setFlagsFromString('--no-expose-gc');
}
