/** Letting a run that waits at its gate take the traffic. */
import { join } from 'node:path';
import { APPROVED_FILE } from '../../contract/sockets.ts';
import { writeAtomic } from '../../platform/files.ts';
import { type AttachAnswer, attach } from './control.ts';

/**
 * They are told, and then it is written down: a process that comes to its gate only later finds it open, and a daemon
 * that takes over finishes what was begun. May be asked again. What became of it, each process of the run tells in its
 * report. `folder`: the run's. `controls`: the control sockets of its processes.
 */
export function approve(folder: string, controls: readonly string[]): Promise<AttachAnswer[]> {
  const answers = controls.map((path) => attach(path));
  try {
    writeAtomic(join(folder, APPROVED_FILE), '');
  } catch {
    // A full disk: who comes later opens its gate by the next event, or at the end of its patience.
  }
  return Promise.all(answers);
}
