import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  isOpen,
  linuxPorts,
  listening,
  type Ports,
  silentPorts,
  socketsOn,
  systemPorts,
} from '../../src/platform/ports.ts';

async function listener(): Promise<{ port: number; close(): Promise<unknown> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const close = () => new Promise((resolve) => server.close(resolve));
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close };
}

describe.skipIf(process.platform !== 'linux')('linuxPorts', () => {
  it('tell who listens, and that it is over', async () => {
    const ports = linuxPorts();
    const { port, close } = await listener();
    const sockets = socketsOn(ports, port);
    expect(sockets.size).toBe(1);
    expect(ports.owns(process.pid, sockets)).toBe(true);
    expect(ports.owns(process.ppid, sockets)).toBe(false);
    expect(ports.owns(2 ** 22 + 1, sockets), 'nobody').toBe(false);
    const trace = ports.trace(process.pid, sockets);
    expect(trace !== null && isOpen(trace)).toBe(true);
    expect(ports.trace(process.ppid, sockets)).toBeNull();
    await close();
    expect(socketsOn(ports, port).size).toBe(0);
    expect(trace !== null && isOpen(trace)).toBe(false);
  });

  it('are none where there is no table', () => {
    expect([...listening(linuxPorts('/nowhere'))]).toEqual([]);
  });
});

describe('silentPorts', () => {
  const table = (four: number[], six: number[]): Ports => ({
    listeners: (family) => (family === 4 ? four : six).map((port) => ({ port, socket: `socket:[${port}]` })),
    owns: () => false,
    trace: () => null,
  });

  it('are those that are missing in the table of their family', () => {
    const wanted = [
      { port: 3000, family: 4 as const },
      { port: 3001, family: 6 as const },
      { port: 3002, family: 6 as const },
    ];
    expect([...silentPorts(table([3000, 3001], [3002]), wanted)]).toEqual([3001]);
  });

  it('reads no further than the last that is found', () => {
    let read = 0;
    const ports: Ports = {
      *listeners() {
        for (const port of [3000, 3001, 3002]) {
          read += 1;
          yield { port, socket: '' };
        }
      },
      owns: () => false,
      trace: () => null,
    };
    expect(silentPorts(ports, [{ port: 3001, family: 4 }]).size).toBe(0);
    expect(read).toBe(2);
  });
});

describe('by lsof', () => {
  const { PATH, UPKEEP_PLATFORM } = process.env;
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (UPKEEP_PLATFORM === undefined) delete process.env['UPKEEP_PLATFORM'];
    else process.env['UPKEEP_PLATFORM'] = UPKEEP_PLATFORM;
  });

  function fakeLsof(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'upkeep-lsof-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'lsof'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    process.env['PATH'] = `${folder}:${PATH}`;
    process.env['UPKEEP_PLATFORM'] = 'ps';
    return systemPorts();
  }

  it('a port leads to the processes that hold it', () => {
    const ports = fakeLsof(
      "printf 'p12\\nf20\\nn127.0.0.1:3000\\nf21\\nn[::1]:3000\\np13\\nf5\\nn*:3000\\nn*:8080\\n'",
    );
    expect([...ports.listeners(4)]).toEqual([
      { port: 3000, socket: '12' },
      { port: 3000, socket: '12' },
      { port: 3000, socket: '13' },
      { port: 8080, socket: '13' },
    ]);
    const holders = socketsOn(ports, 8080);
    expect([ports.owns(12, holders), ports.owns(13, holders)]).toEqual([false, true]);
  });

  it('nothing listens when it finds nothing, which it tells by failing', () => {
    expect([...listening(fakeLsof('exit 1'))]).toEqual([]);
  });
});
