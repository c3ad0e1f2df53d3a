/** A port that is taken is told as such, whatever the run was taken for by then. */
import { describe, expect, it } from 'vitest';
import type { Exit } from '../../src/contract/facts.ts';
import { explainExit } from '../../src/daemon/after-exit.ts';
import type { DaemonWorld } from '../../src/daemon/daemon-world.ts';
import type { ServiceRun } from '../../src/daemon/service-run.ts';
import type { ProcessInfo } from '../../src/platform/proc.ts';
import { specOf } from '../supervisor/services.ts';

const NOW = 100_000;
const TAKEN = { kind: 'port-taken', port: 3000, pid: 9, command: 'nc -l', workspace: null };

const world = {
  ports: {
    listeners: (family: number) => (family === 4 ? [{ port: 3000, socket: 's' }] : []),
    owns: (pid: number) => pid === 9,
    trace: () => null,
  },
  processes: {
    all: () => new Map([[9, { pid: 9 } as ProcessInfo]]),
    environment: () => null,
    commandLine: () => 'nc -l',
  },
  clock: { wall: () => NOW },
  paths: { root: '/w' },
} as unknown as DaemonWorld;

function told(age: number, wasReady: boolean, exit: Exit, spec = specOf('web')) {
  const startedAt = NOW - age;
  const run = {
    record: { startedAt, readyAt: wasReady ? startedAt + 500 : null },
    held: null,
    lastWords: ['Error: listen EADDRINUSE: address already in use :::3000', 'npm error code 1'],
  } as unknown as ServiceRun;
  return explainExit(run, exit, spec, world).portTaken;
}

const policy = (name: 'always' | 'on-failure') => {
  const spec = specOf('web');
  return { ...spec, restart: { ...spec.restart, policy: name } };
};

describe('of who ended for want of a port', () => {
  it.each([
    ['before it was ready', told(60_000, false, { code: 1 }), TAKEN],
    ['soon after it was taken for ready', told(1_500, true, { code: 1 }), TAKEN],
    ['soon, as if all were well', told(1_500, true, { code: 0 }, policy('always')), TAKEN],
    ['as if all were well, and that will do', told(1_500, true, { code: 0 }, policy('on-failure')), null],
    ['long after it was ready', told(60_000, true, { code: 1 }), null],
    [
      'of the port that it had itself',
      told(1_500, true, { code: 1 }, specOf('web', { ports: [3000] })),
      null,
    ],
  ])('%s', (_, reason, expected) => {
    expect(reason).toEqual(expected);
  });
});
