/** The control socket against clients of every kind. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExitCode, UserError } from '../../src/contract/exit-codes.ts';
import { MAX_REQUEST_BYTES, Reply, type Request } from '../../src/contract/protocol.ts';
import { PROTOCOL } from '../../src/contract/version.ts';
import { type ControlServer, type Handler, listen } from '../../src/daemon/server.ts';
import { bounded, eventually } from '../rig/eventually.ts';

let root: string;
let path: string;
let server: ControlServer;
let handle: Handler;
let asked: Request[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-server-'));
  path = join(root, 'private', 'a.sock');
  asked = [];
  handle = async (request, send) => {
    if (request.method === 'hello')
      send({ type: 'hello', protocol: PROTOCOL, version: '0', pid: 1, startedAt: '', workspace: root });
    else send({ type: 'done', outcomes: [], daemonEnds: false });
  };
  server = await listen(path, (request, send, signal) => {
    asked.push(request);
    return handle(request, send, signal);
  });
});
afterEach(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const HELLO = { protocol: PROTOCOL, method: 'hello' };
const STOP = { protocol: PROTOCOL, method: 'stop', by: 'test', names: [], wait: true };

function connect(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Everything that the daemon says until it hangs up. */
function repliesOn(socket: Socket): Promise<Reply[]> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.on('error', () => resolve());
  });
  return bounded(ended, 'the end of the answer').then(() =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Reply.parse(JSON.parse(line))),
  );
}

async function tell(bytes: string | Uint8Array): Promise<Reply[]> {
  const socket = await connect();
  const replies = repliesOn(socket);
  socket.write(bytes);
  return replies;
}

const ask = (request: unknown) => tell(`${JSON.stringify(request)}\n`);

it('is private, whatever stood in its place', async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, 'private')).mode & 0o777).toBe(0o700);
  const stale = join(root, 'private', 'stale.sock');
  writeFileSync(stale, 'stale');
  (await listen(stale, handle)).close();
});

it('does not listen in a folder that others may enter', () => {
  mkdirSync(join(root, 'open'), { mode: 0o755 });
  expect(() => listen(join(root, 'open', 'a.sock'), handle)).toThrow(UserError);
});

it('says so when its path is too long for a socket', () => {
  expect(() => listen(join(root, 'x'.repeat(100), 'a.sock'), handle)).toThrow(
    /too long: .* (?:107|103) is all/,
  );
});

it('does not listen where a file stands in place of the folder', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => listen(join(root, 'file', 'a.sock'), handle)).toThrow(UserError);
});

it('answers a hello, and hangs up', async () => {
  expect(await ask(HELLO)).toMatchObject([{ type: 'hello', protocol: PROTOCOL }]);
});

it('answers the hello of any version, and nothing else of another', async () => {
  expect(await ask({ ...HELLO, protocol: 99 })).toMatchObject([{ type: 'hello' }]);
  expect(await ask({ ...STOP, protocol: 99 })).toEqual([
    { type: 'error', code: 'protocol', message: `this daemon speaks protocol ${PROTOCOL}, not 99` },
  ]);
  expect(asked).toHaveLength(1);
});

describe('what is no request', () => {
  it.each([
    ['not JSON', '{"protocol":'],
    ['no object', '5'],
    ['null', 'null'],
    ['empty', ''],
    ['an unknown method', JSON.stringify({ protocol: PROTOCOL, method: 'explode' })],
    ['a part of one', JSON.stringify({ protocol: PROTOCOL, method: 'stop' })],
    ['a wrong type', JSON.stringify({ ...STOP, names: 'web' })],
  ])('%s: is refused in words', async (_, line) => {
    const [reply, ...more] = await tell(`${line}\n`);
    expect(reply).toMatchObject({ type: 'error' });
    expect(more).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('or too large, is refused before it is read to its end', async () => {
    const socket = await connect();
    const replies = repliesOn(socket);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    for (let sent = 0; sent <= MAX_REQUEST_BYTES + chunk.length; sent += chunk.length) socket.write(chunk);
    expect(await replies).toEqual([
      { type: 'error', code: 'usage', message: `a request over ${MAX_REQUEST_BYTES} bytes is refused` },
    ]);
  });

  it('or random bytes, never ends the daemon', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const replies = await tell(Buffer.concat([bytes, Buffer.from('\n')]));
        expect(replies).toMatchObject([{ type: 'error' }]);
      }),
      { numRuns: 50 },
    );
    expect(await ask(HELLO)).toHaveLength(1);
  });
});

it('puts a request together that comes in pieces, in the middle of a letter too', async () => {
  const bytes = Buffer.from(`${JSON.stringify({ ...STOP, names: ['wüb'] })}\n`);
  const socket = await connect();
  const replies = repliesOn(socket);
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await replies).toMatchObject([{ type: 'done' }]);
  expect(asked).toMatchObject([{ names: ['wüb'] }]);
});

it('takes one request of each client', async () => {
  const line = `${JSON.stringify(STOP)}\n`;
  expect(await tell(line + line)).toHaveLength(1);
  expect(asked).toHaveLength(1);
});

it('serves others while some say nothing, or are half closed', async () => {
  const silent = await connect();
  const half = await connect();
  half.end('{"protocol"');
  const waiting = await connect();
  waiting.write('{"proto');
  expect(await Promise.all([ask(HELLO), ask(STOP), ask(HELLO)])).toMatchObject([
    [{ type: 'hello' }],
    [{ type: 'done' }],
    [{ type: 'hello' }],
  ]);
  for (const socket of [silent, half, waiting]) socket.destroy();
});

it('answers a client that has closed its own half', async () => {
  const socket = await connect();
  const replies = repliesOn(socket);
  socket.end(`${JSON.stringify(HELLO)}\n`);
  expect(await replies).toHaveLength(1);
});

it('serves two at once, each its own answer', async () => {
  const gates: (() => void)[] = [];
  handle = async (request, send) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    const names = 'names' in request ? request.names : [];
    send({ type: 'error', code: 'test', message: names.join() });
  };
  const [a, b] = [ask({ ...STOP, names: ['a'] }), ask({ ...STOP, names: ['b'] })];
  await eventually(() => gates.length === 2, 'both are asked');
  for (const open of gates.reverse()) open();
  expect([await a, await b]).toMatchObject([[{ message: 'a' }], [{ message: 'b' }]]);
});

/** A handler that answers when it is told to, and whether it was told that its client is gone. */
function waits(): { answer: () => void; isGone: () => boolean } {
  let gone = false;
  let answer = () => {};
  handle = (_request, send, signal) =>
    new Promise((resolve) => {
      answer = () => {
        send({ type: 'done', outcomes: [], daemonEnds: false });
        resolve();
      };
      signal.addEventListener('abort', () => {
        gone = true;
        resolve();
      });
    });
  return { answer: () => answer(), isGone: () => gone };
}

it('tells the handler at once that its client is gone, with nothing to say to it', async () => {
  const { isGone } = waits();
  const socket = await connect();
  socket.write(`${JSON.stringify(STOP)}\n`);
  await eventually(() => asked.length === 1, 'it is asked');
  socket.destroy();
  await eventually(isGone, 'the handler is told');
});

it('waits with a client that has only closed its own half', async () => {
  const { answer, isGone } = waits();
  const socket = await connect();
  const replies = repliesOn(socket);
  socket.end(`${JSON.stringify(STOP)}\n`);
  await eventually(() => asked.length === 1, 'it is asked');
  // Its end has been seen once a later client's has.
  await ask('no request');
  expect(isGone()).toBe(false);
  answer();
  expect(await replies).toMatchObject([{ type: 'done' }]);
});

describe('when the handler fails', () => {
  it("a person's mistake is told with what to do", async () => {
    handle = () =>
      Promise.reject(new UserError(ExitCode.usage, 'No service is called "wob".', 'Did you mean "web"?'));
    expect(await ask(STOP)).toEqual([
      { type: 'error', code: 'usage', message: 'No service is called "wob".\nDid you mean "web"?' },
    ]);
  });

  it('a bug is told as one, and written down', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    handle = () => Promise.reject(new Error('boom'));
    expect(await ask(STOP)).toEqual([{ type: 'error', code: 'internal', message: 'boom' }]);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

it('hangs up on everybody when it closes', async () => {
  const socket = await connect();
  const replies = repliesOn(socket);
  // It is known to the server once a later one has been answered.
  await ask(HELLO);
  server.close();
  socket.end();
  expect(await replies).toEqual([]);
  await expect(connect()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});
