/** The daemon runs into a limit for a while. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { pause } from '../../test/rig/eventually.ts';
import { textOf } from '../observe/read.ts';
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
    // A run that is to follow one that has ended cannot be started meanwhile. Later it is, without a word from anybody.
    for (const { name, isServed } of world.room.roles) if (isServed) world.model.excuse(name, null);
    const { over } = live(world, random);
    await pause(random.next() * 1_500);
    for (const { pid } of world.room.daemons()) limit(pid, ENOUGH);
    await over;
  },
};

const memory: Fault = {
  name: 'memory',
  what: 'for a while the daemon gets no more memory, and dies of it if it needs some',
  weight: 1,
  async inject(world, random) {
    for (const { pid } of world.room.daemons()) {
      const size = Number(/VmSize:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
      if (size > 0) prlimit(pid, `--as=${size + random.whole(0, 4) * 1024 * 1024}:`);
    }
    const { over } = live(world, random);
    await pause(random.next() * 1_500);
    for (const { pid } of world.room.daemons()) prlimit(pid, '--as=unlimited:');
    await over;
    // It may have died in the middle of an edit's swap, as by a kill.
    await world.must('start');
  },
};

/** The soft limit of open files of a process: prlimit(1). */
function limit(pid: number, files: number): void {
  prlimit(pid, `--nofile=${files}:`);
}

function prlimit(pid: number, limit: string): void {
  try {
    execFileSync('prlimit', ['--pid', String(pid), limit], { stdio: 'ignore' });
  } catch {
    // It has just ended.
  }
}

export const limitFaults: readonly Fault[] = [descriptors, memory];
