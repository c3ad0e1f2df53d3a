/** A port that moves from one service of ours to another. */
import { expect, it } from 'vitest';
import type { DaemonWorld } from '../../src/daemon/daemon-world.ts';
import { freePorts } from '../../src/daemon/free-ports.ts';

/** The shim of `web` listens on 3000 for so many looks. */
function worldOf(looks: number): DaemonWorld {
  let left = looks;
  const mark = new Map([
    ['UPKEEP_WORKSPACE', 'id'],
    ['UPKEEP_SERVICE', 'web'],
  ]);
  return {
    id: 'id',
    familyOf: async () => 4,
    isLeaving: () => false,
    ports: {
      listeners: (family: number) => (family === 4 && left-- > 0 ? [{ port: 3000, socket: 's' }] : []),
      owns: (pid: number) => pid === 12,
      trace: () => null,
    },
    processes: {
      all: () => new Map([[12, { pid: 12 }]]),
      environment: () => mark,
      commandLine: () => 'shim.sh',
    },
  } as unknown as DaemonWorld;
}

const wanted = {
  service: 'site',
  ports: [3000],
  isWanted: () => true,
  onDetail: () => {},
  endStray: async () => {},
};

it('is free as soon as the shim of the other one has let go of it', async () => {
  expect(await freePorts(wanted, worldOf(2))).toBe(null);
});

it('is taken when it does not', async () => {
  expect(await freePorts(wanted, worldOf(100))).toMatchObject({ kind: 'port-taken', port: 3000 });
});
