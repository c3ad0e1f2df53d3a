/** A program that listens by itself where a socket is held for it. */
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { configHash } from '../../../src/daemon/config-hash.ts';
import { acceptProbe } from '../../../src/daemon/seamless/accept-probe.ts';
import { asPlain, fitted, isUnfit, UNFIT } from '../../../src/daemon/seamless/unfit.ts';
import type { Listener } from '../../../src/platform/listen-table.ts';
import { parseRow } from '../../../src/platform/listen-table.ts';
import { specOf } from '../../supervisor/services.ts';

it.each([
  [['OSError: [Errno 98] Address already in use'], true],
  [['listen tcp 127.0.0.1:3000: bind: address already in use'], true],
  [['listen tcp 127.0.0.1:4000: bind: address already in use'], false],
  [['KeyError: 1'], false],
  [[], false],
])('%j: %s', (words, unfit) => {
  expect(isUnfit(words, [3000])).toBe(unfit);
});

it('is plain until its configuration says something else, also after a daemon', () => {
  const spec = specOf('web', { command: { argv: ['python3', 'app.py'] }, ports: [3000], mode: 'handoff' });
  const before = { reason: UNFIT, hash: configHash(asPlain(spec)) };
  expect(fitted(spec, before)).toMatchObject({ mode: 'plain', why: UNFIT, spec: { mode: 'plain' } });
  expect(fitted({ ...spec, command: { argv: ['uvicorn', 'app:app'] } }, before).mode).toBe('handoff');
  expect(fitted({ ...spec, mode: 'plain' }, before).why).not.toBe(UNFIT);
  expect(fitted(spec, { ...before, reason: null }).mode).toBe('handoff');
});

it('the table tells how many nobody has accepted', () => {
  const row = (queue: string) =>
    parseRow(`0: 0100007F:0BB8 00000000:0000 0A 00000000:${queue} 00:00000000 00000000 0 0 77 1`);
  expect(row('0000000B')).toEqual({ port: 3000, socket: 'socket:[77]', waiting: 11 });
  expect(row('00000000')).toEqual({ port: 3000, socket: 'socket:[77]' });
});

it('a held socket is served once nobody waits at it, and not before', async () => {
  const server = createServer((client) => client.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const port = (server.address() as { port: number }).port;
  const row: Listener = { port, socket: 'socket:[1]', waiting: 1 };
  let looks = 0;
  const ports = {
    listeners: (family: number) => {
      if (family === 4 && ++looks === 3) delete row.waiting;
      return family === 4 ? [row] : [];
    },
  };
  const sockets = [{ port, address: '127.0.0.1' as const, fds: [4], socket: row.socket }];
  const others = { wait: () => expect.unreachable() };
  const probe = acceptProbe({ way: 'listen-fds', ports: [port], sockets }, ports, others);
  const family = await new Promise((resolve) => probe.wait(port, () => true, resolve));
  expect([family, looks]).toEqual([4, 3]);
});
