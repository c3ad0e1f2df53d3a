/** Binding without listening, on the real machine. */
import { readdirSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Binding, type BoundAddress, bindHeld, bindListening } from '../../src/process/held-sockets.ts';
import { claimPort, isFree } from '../rig/ports.ts';

async function freePort(): Promise<number> {
  const claim = await claimPort();
  onTestFinished(() => claim.release());
  return claim.port;
}

async function stranger(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port, host, exclusive: true }, resolve));
  onTestFinished(() => void server.close());
  return server;
}

function bound(binding: Binding): BoundAddress[] {
  if (!('sockets' in binding)) throw new Error(JSON.stringify(binding));
  onTestFinished(() => {
    for (const socket of binding.sockets) socket.close();
  });
  return binding.sockets;
}

/** How a connection ends: `connect`, or the code of its error. */
function knock(port: number, host: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once('connect', () => resolve('connect'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('close', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
  });
}

const descriptors = () => readdirSync('/proc/self/fd').length;

describe('bindHeld', () => {
  it('binds every address of each port, and listens on none', async () => {
    const [one, other] = [await freePort(), await freePort()];
    const sockets = bound(bindHeld([one, other]));
    expect(sockets.map(({ port, address }) => `${port}/${address}`)).toEqual(
      [one, other].flatMap((port) => ['::', '0.0.0.0', '127.0.0.1', '::1'].map((host) => `${port}/${host}`)),
    );
    expect(new Set(sockets.map(({ fd }) => fd)).size).toBe(8);
    expect(new Set(sockets.map(({ socket }) => socket)).size).toBe(8);
    expect(sockets[0]?.socket).toMatch(/^socket:\[\d+\]$/);
    expect(await knock(one, '127.0.0.1')).toBe('ECONNREFUSED');
    expect(await knock(other, '::1')).toBe('ECONNREFUSED');
  });

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('sees a stranger on %s, and keeps nothing', async (host) => {
    const [free, port] = [await freePort(), await freePort()];
    await stranger(port, host);
    const before = descriptors();
    expect(bindHeld([free, port])).toEqual({ taken: port });
    expect(descriptors()).toBe(before);
    expect(await isFree(free)).toBe(true);
  });

  it('keeps a server of its own from no address, while none of its sockets listens', async () => {
    const port = await freePort();
    bound(bindHeld([port]));
    await stranger(port, '::');
    expect(await knock(port, '127.0.0.1')).toBe('connect');
  });

  it('leaves nothing open once closed, over 200 times', async () => {
    const port = await freePort();
    const before = descriptors();
    for (let i = 0; i < 200; i++) {
      const binding = bindHeld([port]);
      if (!('sockets' in binding)) throw new Error(JSON.stringify(binding));
      for (const socket of binding.sockets) socket.close();
    }
    expect(descriptors()).toBe(before);
    expect(await isFree(port)).toBe(true);
  });
});

describe('bindListening', () => {
  it('has the kernel take connections, and accepts none of them before it is closed', async () => {
    const port = await freePort();
    const before = descriptors();
    const binding = bindListening([port]);
    if (!('sockets' in binding)) throw new Error(JSON.stringify(binding));
    expect(binding.sockets.map(({ address }) => address)).toEqual(['127.0.0.1']);
    for (const socket of binding.sockets) socket.close();
    expect(descriptors()).toBe(before);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await knock(port, '127.0.0.1')).toBe('ECONNREFUSED');
  });

  it.each([
    ['127.0.0.1', 'ECONNREFUSED'],
    ['::', 'connect'],
    ['0.0.0.0', 'ECONNREFUSED'],
    ['::1', 'connect'],
  ] as const)('listens on %s; asked at ::1: %s', async (host, answer) => {
    const port = await freePort();
    const [socket] = bound(bindListening([port], host));
    expect(socket?.address).toBe(host);
    expect(await knock(port, '::1')).toBe(answer);
  });

  it('sees a stranger, also on an address of loopback alone', async () => {
    const port = await freePort();
    await stranger(port, '127.0.0.1');
    expect(bindListening([port])).toEqual({ taken: port });
  });

  it('is for no more ports than a shell can number', async () => {
    expect(bindListening([1, 2, 3, 4])).toEqual({ failed: 'more than 3 ports' });
  });
});
