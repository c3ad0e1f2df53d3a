import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from '../../src/client/connection.ts';
import type { Reply } from '../../src/contract/protocol.ts';
import { PROTOCOL } from '../../src/contract/version.ts';
import { greetMeanwhile, openEntrance } from '../../src/daemon/entrance.ts';
import { requestIn } from '../../src/daemon/request-in.ts';

async function entrance() {
  const root = mkdtempSync(join(tmpdir(), 'upkeep-entrance-'));
  const record = {
    process: { pid: 7, start: 1 },
    boot: 'b',
    socket: join(root, 'private', 'a.sock'),
    version: '0',
    protocol: PROTOCOL,
    startedAt: 'now',
  };
  const opened = await openEntrance(record, root);
  onTestFinished(() => {
    opened.close();
    rmSync(root, { recursive: true });
  });
  return { opened, socket: record.socket };
}

it('greets at once, and what is asked before it is open is carried out then', async () => {
  const { opened, socket } = await entrance();
  const stop = (by: string) => ask(socket, { method: 'stop', by, names: [], wait: true });
  const answers = Promise.all([stop('first'), stop('second')]);
  expect(await ask(socket, { method: 'hello' })).toMatchObject({ type: 'hello', pid: 7 });
  const by: string[] = [];
  opened.open({
    understand: async (raw) => requestIn(raw),
    handle: async (request, send) => {
      if ('by' in request) by.push(request.by);
      send({ type: 'done', outcomes: [], daemonEnds: false });
    },
  });
  expect(await answers).toHaveLength(2);
  expect(by.toSorted()).toEqual(['first', 'second']);
});

it('who has come while the event loop was busy is greeted before the next piece', async () => {
  const { socket } = await entrance();
  const { spawn } = await import('node:child_process');
  const client = `const s = require('net').connect(${JSON.stringify(socket)}, () => s.write(${JSON.stringify(
    `${JSON.stringify({ protocol: PROTOCOL, method: 'hello' })}\n`,
  )})); s.on('data', (d) => { process.stdout.write(d); s.destroy(); });`;
  const child = spawn(process.execPath, ['-e', client], { stdio: ['ignore', 'pipe', 'inherit'] });
  let answer = '';
  child.stdout.on('data', (text) => {
    answer += text;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  // Nothing but these turns lets it in.
  let rounds = 0;
  while (answer === '' && rounds++ < 10_000) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    await greetMeanwhile();
  }
  await ended;
  expect((JSON.parse(answer) as Reply).type).toBe('hello');
});
