import { describe, expect, it } from 'vitest';
import { describeReason } from '../../src/contract/words.ts';
import { portInLastWords, portOwner, portTaken } from '../../src/daemon/port-owner.ts';
import type { Ports } from '../../src/platform/ports.ts';
import type { Processes, ProcessInfo } from '../../src/platform/proc.ts';

describe('portInLastWords', () => {
  it.each([
    ['Error: listen EADDRINUSE: address already in use :::3000', 3000],
    [
      'Error: listen EADDRINUSE: address already in use 127.0.0.1:8080\n    at Server.setupListenHandle',
      8080,
    ],
    ['Error: listen EADDRINUSE: address already in use ::1:4321', 4321],
    ["  code: 'EADDRINUSE',\n  errno: -98,\n  syscall: 'listen',\n  address: '::',\n  port: 3001\n}", 3001],
    ['Address already in use: 0.0.0.0:5000', 5000],
    ['ready on http://localhost:3000', null],
    ['', null],
    ['EADDRINUSE', null],
  ])('%j: %s', (text, port) => {
    expect(portInLastWords(text)).toBe(port);
  });
});

describe('portOwner', () => {
  const environments = new Map([
    [
      12,
      new Map([
        ['UPKEEP_WORKSPACE', 'id'],
        ['UPKEEP_SERVICE', 'web'],
        ['UPKEEP_ROOT', '/other'],
      ]),
    ],
    [13, new Map([['HOME', '/']])],
  ]);
  const processes = {
    all: () => new Map([11, 12, 13].map((pid) => [pid, { pid } as ProcessInfo])),
    environment: (pid: number) => environments.get(pid) ?? null,
    commandLine: (pid: number) => `program\n  ${pid}\n`,
  } as unknown as Processes;
  const heldBy = (pid: number): Ports => ({
    listeners: (family) => (family === 4 ? [{ port: 3000, socket: 's' }] : []),
    owns: (asked) => asked === pid,
    trace: () => null,
  });

  it('is nobody when nobody listens', () => {
    expect(portOwner(4000, heldBy(12), processes)).toBeNull();
  });

  it("is another workspace's service, by its mark", () => {
    const owner = portOwner(3000, heldBy(12), processes);
    expect(owner).toMatchObject({ pid: 12, mark: { service: 'web', root: '/other' } });
    if (owner === null) return;
    const reason = portTaken(3000, owner);
    expect(describeReason(reason, null)).toBe(
      'port 3000 is taken by pid 12 (program 12), of the workspace /other',
    );
  });

  it('is a stranger', () => {
    expect(portOwner(3000, heldBy(13), processes)).toEqual({ pid: 13, command: 'program 13', mark: null });
  });

  it("is somebody, when it is another user's", () => {
    const owner = portOwner(3000, heldBy(99), processes);
    expect(owner).toEqual({ pid: null });
    if (owner === null) return;
    expect(describeReason(portTaken(3000, owner), null)).toBe("port 3000 is taken by another user's process");
  });

  it('is nobody when it lets go while it is looked for', () => {
    let looks = 0;
    const ports: Ports = {
      ...heldBy(99),
      // Both tables are read at each look.
      listeners: () => (looks++ < 2 ? [{ port: 3000, socket: 's' }] : []),
    };
    expect(portOwner(3000, ports, processes)).toBeNull();
  });
});
