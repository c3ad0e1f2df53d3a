/** Letting a run that waits at its gate take the traffic. */
import { join } from 'node:path';
import { APPROVED_FILE } from '../../contract/sockets.ts';
import { writeAtomic } from '../../platform/files.ts';
import { reach } from '../../platform/reach.ts';
import type { AttachAnswer } from './control.ts';
import type { RunSockets } from './run-sockets.ts';

/**
 * They are told, and then it is written down: a process that comes to its gate only later finds it open, and a daemon
 * that takes over finishes what was begun. May be asked again. What became of it, each process of the run tells in its
 * report. `folder`: the run's.
 */
export function approve(folder: string, sockets: Pick<RunSockets, 'attach'> | null): Promise<AttachAnswer[]> {
  const answers = sockets?.attach() ?? Promise.resolve([]);
  reach('approved');
  try {
    writeAtomic(join(folder, APPROVED_FILE), '');
  } catch {
    // A full disk: who comes later opens its gate by the next event, or at the end of its patience.
  }
  return answers;
}
