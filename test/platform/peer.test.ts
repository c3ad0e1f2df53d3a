/** Whose a connection is. */

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { mayConnect } from '../../src/gateway/guard.ts';
import { peerUid, uidIn } from '../../src/platform/peer.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4E20 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:C350 0100007F:4E20 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0 20 4 30 10 -1
   2: 0100007F:4E20 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
`;

it('is read from the row of the other end', () => {
  expect(uidIn(TABLE, 50_000, 20_000)).toBe(1001);
  expect(uidIn(TABLE, 20_000, 50_000)).toBe(0);
  expect(uidIn(TABLE, 50_001, 20_000)).toBeNull();
  expect(uidIn('', 1, 2)).toBeNull();
});

it.runIf(process.platform === 'linux')('of a connection of ours is our own', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  const [socket] = await once(server, 'connection');
  onTestFinished(() => void socket.destroy());
  expect(peerUid(socket.remotePort, port)).toBe(process.getuid?.());
  expect(peerUid(socket.remotePort, port, '/nowhere')).toBeNull();
});

it('may come in: ourselves, root, whoever became root, and who cannot be told', () => {
  expect([mayConnect(1000, 1000), mayConnect(0, 1000), mayConnect(null, 1000)]).toEqual([true, true, true]);
  expect([mayConnect(1001, 1000), mayConnect(1001, 0), mayConnect(1001, 1000, '1001')]).toEqual([
    false,
    false,
    false,
  ]);
  expect([mayConnect(1000, 0, '1000'), mayConnect(1001, 0, '1000')]).toEqual([true, false]);
});
