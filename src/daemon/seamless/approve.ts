/** Letting a run that waits at its gate take the traffic. */
import { join } from 'node:path';
import { APPROVED_FILE } from '../../contract/sockets.ts';
import { writeAtomic } from '../../platform/files.ts';
import { type AttachAnswer, attach } from './control.ts';

/**
 * On disk first: a process that comes to its gate only later finds it open, and a daemon that takes over
 * finishes what was begun. May be asked again. What became of it, each process of the run tells in its report.
 * `folder`: the run's. `controls`: the control sockets of its processes. Throws what the file system throws.
 */
export function approve(folder: string, controls: readonly string[]): Promise<AttachAnswer[]> {
  writeAtomic(join(folder, APPROVED_FILE), '');
  return Promise.all(controls.map((path) => attach(path)));
}
