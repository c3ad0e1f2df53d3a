/** The daemon runs into a limit for a while. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { pause } from '../../test/rig/eventually.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';

/** Many enough for everybody, later. */
const ENOUGH = 4_096;

const descriptors: Fault = {
  name: 'descriptors',
  what: 'for a while the daemon may open no more than a few files',
  weight: 2,
  async inject(world, random) {
    for (const { pid } of world.room.daemons()) {
      limit(pid, readdirSync(`/proc/${pid}/fd`).length + random.whole(0, 4));
    }
    // A run that is to follow one that has ended cannot be started meanwhile, and the service stays down until a command.
    for (const { name, isServed } of world.room.roles) if (isServed) world.model.excuse(name, null);
    const { over } = live(world, random);
    await pause(random.next() * 1_500);
    for (const { pid } of world.room.daemons()) limit(pid, ENOUGH);
    await over;
    // What could not be started meanwhile says so, and is started by a command.
    await world.must('start');
    // Where the old run goes on instead, the edit is told to have failed.
    await world.must('restart', 'web', 'api');
  },
};

/** The soft limit of open files of a process: prlimit(1). */
function limit(pid: number, files: number): void {
  try {
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`], { stdio: 'ignore' });
  } catch {
    // It has just ended.
  }
}

export const limitFaults: readonly Fault[] = [descriptors];
