/** Which thread this is. */

/** `loader`: Node's own, in which an app's module loaders run. Told apart from Node 22.14 and 23.7 on, else `worker`. */
export type Thread = 'main' | 'worker' | 'loader';

export function thread(): Thread {
  // In a worker thread, process.abort is a stand-in marked so; asking worker_threads would cost the main one 2 to 6 ms.
  if ((process.abort as { disabled?: boolean }).disabled !== true) return 'main';
  const { isInternalThread } = require('node:worker_threads') as { isInternalThread?: boolean };
  return isInternalThread === true ? 'loader' : 'worker';
}
