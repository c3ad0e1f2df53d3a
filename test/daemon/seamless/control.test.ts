/** The daemon as a client of a run's control socket, with a made-up run on the other side. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { get } from '../../../src/daemon/http-get.ts';
import { attach, drain, keepCompany, openPrivate } from '../../../src/daemon/seamless/control.ts';
import { eventually } from '../../rig/eventually.ts';

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-control-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  path: string;
  lines: string[];
  sockets: Set<Socket>;
}

/** `answer`: what becomes of a connection once its line is there. */
async function listen(answer: (line: string, socket: Socket) => void): Promise<Run> {
  const path = join(folder, String(count++));
  const run: Run = { path, lines: [], sockets: new Set() };
  const server = createServer((socket) => {
    run.sockets.add(socket);
    socket.on('close', () => run.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const bytes = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
      const end = bytes.indexOf(10);
      if (end === -1) return;
      if (end + 1 < bytes.length) socket.unshift(bytes.subarray(end + 1));
      const line = bytes.toString('latin1', 0, end);
      run.lines.push(line);
      answer(line, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of run.sockets) socket.destroy();
    server.close();
  });
  return run;
}

describe('attach', () => {
  it.each([
    ['attached\n', { kind: 'attached' }],
    ['failed EADDRINUSE\n', { kind: 'failed', code: 'EADDRINUSE' }],
    ['what?\n', { kind: 'gone' }],
    ['attac', { kind: 'gone' }],
    ['', { kind: 'gone' }],
    ['x'.repeat(1_000), { kind: 'gone' }],
  ])('answered with %j is %o', async (text, expected) => {
    const run = await listen((_, socket) => socket.end(text));
    expect(await attach(run.path)).toEqual(expected);
    expect(run.lines).toEqual(['attach']);
    await eventually(() => run.sockets.size === 0, 'nobody is connected');
  });

  it('is not waited for without end, nor of nobody', async () => {
    const run = await listen(() => undefined);
    expect(await attach(run.path, 20)).toEqual({ kind: 'gone' });
    expect(await attach(join(folder, 'nobody'))).toEqual({ kind: 'gone' });
    expect(await attach(`/${'x'.repeat(300)}`)).toEqual({ kind: 'gone' });
  });

  it('of a process that dies meanwhile is over at once', async () => {
    const run = await listen((_, socket) => socket.destroy());
    expect(await attach(run.path)).toEqual({ kind: 'gone' });
  });
});

describe('drain', () => {
  it('tells what is left, in however many pieces the answer comes', async () => {
    const run = await listen((_, socket) => {
      socket.write('drai');
      setImmediate(() => socket.write('ning\ndrained 1'));
      setTimeout(() => socket.end('2 3\n'), 5);
    });
    expect(await drain(run.path, 300)).toEqual({ left: 12, requests: 3 });
    expect(run.lines).toEqual(['drain 300']);
  });

  it('does not know the requests of a run whose hook does not count them', async () => {
    const run = await listen((_, socket) => socket.end('draining\ndrained 1\n'));
    expect(await drain(run.path, 300)).toEqual({ left: 1, requests: null });
  });

  it.each(['drained', 'drained -1 2', 'drained 1 2 3', `drained 0 ${'9'.repeat(40)}`])(
    '%s is no answer',
    async (text) => {
      const run = await listen((_, socket) => socket.end(`draining\n${text}\n`));
      expect(await drain(run.path, 300)).toBeNull();
    },
  );

  it('tells nothing when the process ends before it is done', async () => {
    const run = await listen((_, socket) => socket.end('draining\n'));
    expect(await drain(run.path, 300)).toBeNull();
  });

  it('is over as soon as it is enough', async () => {
    const run = await listen((_, socket) => socket.write('draining\n'));
    const enough = new AbortController();
    const drained = drain(run.path, 60_000, enough.signal);
    await eventually(() => run.lines.length === 1, 'it drains');
    enough.abort();
    expect(await drained).toBeNull();
    expect(await drain(run.path, 60_000, enough.signal)).toBeNull();
  });
});

describe('a private connection', () => {
  it('is one to the server of the app, from the first byte after its line', async () => {
    const urls: string[] = [];
    const app = createHttpServer((request: IncomingMessage, response: ServerResponse) => {
      urls.push(request.url ?? '');
      response.writeHead(204).end();
    });
    const run = await listen((_, socket) => void app.emit('connection', socket));
    const status = await new Promise((resolve) =>
      get('http://localhost:3000/health?x=1', resolve, () => openPrivate(run.path, 3000)),
    );
    expect(status).toBe(204);
    expect(run.lines).toEqual(['open 3000']);
    expect(urls).toEqual(['/health?x=1']);
    await eventually(() => run.sockets.size === 0, 'it is closed');
  });

  it.each(['http', 'https'])('that nobody takes is no answer (%s)', async (scheme) => {
    const ask = (path: string) =>
      new Promise((resolve) => get(`${scheme}://localhost:3000/`, resolve, () => openPrivate(path, 3000)));
    const run = await listen((_, socket) => socket.destroy());
    expect(await ask(run.path)).toBeNull();
    expect(await ask(join(folder, 'nobody'))).toBeNull();
    await eventually(() => run.sockets.size === 0, 'it is closed');
  });
});

it('company is kept until it is left, and says nothing', async () => {
  const run = await listen(() => undefined);
  const company = keepCompany(run.path);
  await eventually(() => run.sockets.size === 1, 'it is connected');
  company.leave();
  await eventually(() => run.sockets.size === 0, 'it has left');
  expect(run.lines).toEqual([]);
  keepCompany(join(folder, 'nobody')).leave();
});
