/** One reading of the process table for all who ask in the same turn of the event loop. */
import type { Processes, ProcessInfo } from './proc.ts';

/** With two hundred services that stop, each looks at its own tree: they see the same picture. */
export function sharedProcesses(processes: Processes): Processes {
  let picture: Map<number, ProcessInfo> | null = null;
  return {
    ...processes,
    all() {
      if (picture === null) {
        picture = processes.all();
        setImmediate(() => {
          picture = null;
        });
      }
      return picture;
    },
  };
}
