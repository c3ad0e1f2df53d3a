/** The control socket against clients of every kind. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ExitCode, UserError } from '../../src/contract/exit-codes.ts';
import { Reply, type Request } from '../../src/contract/protocol.ts';
import { MAX_REQUEST_BYTES, PROTOCOL } from '../../src/contract/version.ts';
import { type Handler, LIMITS, type Limits, type Listener } from '../../src/daemon/conversation.ts';
import { requestIn } from '../../src/daemon/request-in.ts';
import { type ControlServer, listen } from '../../src/daemon/server.ts';
import { bounded, eventually } from '../rig/eventually.ts';
import { specOf } from '../supervisor/services.ts';

let root: string;
let path: string;
let server: ControlServer;
let handle: Handler;
let listener: Listener;
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
  listener = {
    understand: async (raw) => requestIn(raw),
    handle: (request, send, signal) => {
      asked.push(request);
      return handle(request, send, signal);
    },
  };
  server = await listen(path, listener);
});
afterEach(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const HELLO = { protocol: PROTOCOL, method: 'hello' };
const STOP = { protocol: PROTOCOL, method: 'stop', by: 'test', names: [], wait: true };

const startOf = (name: string) =>
  JSON.stringify({
    protocol: PROTOCOL,
    method: 'start',
    by: 'test',
    names: [],
    wait: false,
    config: {
      workspace: '/w',
      file: '/w/upkeep.config.js',
      sources: [],
      logDir: '/w/logs',
      services: [specOf(name)],
    },
  });

function connect(to = path): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(to);
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

async function tell(bytes: string | Uint8Array, to = path): Promise<Reply[]> {
  const socket = await connect(to);
  const replies = repliesOn(socket);
  socket.write(bytes);
  return replies;
}

const ask = (request: unknown, to = path) => tell(`${JSON.stringify(request)}\n`, to);

it('is private, whatever stood in its place', async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, 'private')).mode & 0o777).toBe(0o700);
  const stale = join(root, 'private', 'stale.sock');
  writeFileSync(stale, 'stale');
  (await listen(stale, listener)).close();
});

it('does not listen in a folder that others may enter', () => {
  mkdirSync(join(root, 'open'), { mode: 0o755 });
  expect(() => listen(join(root, 'open', 'a.sock'), listener)).toThrow(UserError);
});

it('says so when its path is too long for a socket', () => {
  expect(() => listen(join(root, 'x'.repeat(100), 'a.sock'), listener)).toThrow(
    /too long: .* (?:107|103) is all/,
  );
});

it('does not listen where a file stands in place of the folder', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => listen(join(root, 'file', 'a.sock'), listener)).toThrow(UserError);
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
    ['a service that leads out of its folder', startOf('../../web')],
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

it('takes a start as the command line sends it', async () => {
  expect(await tell(`${startOf('web')}\n`)).toMatchObject([{ type: 'done' }]);
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

/** A second server with the same handler, and limits that a test can reach. */
async function limited(limits: Partial<Limits>): Promise<string> {
  const place = join(root, 'private', 'b.sock');
  const second = await listen(place, listener, { ...LIMITS, ...limits });
  onTestFinished(() => second.close());
  return place;
}

const hungUp = (socket: Socket) =>
  bounded(
    new Promise((resolve) => {
      socket
        .on('error', () => undefined)
        .once('close', resolve)
        .resume();
    }),
    'it is hung up on',
  );

describe('a client that takes its time', () => {
  it('has so long for its whole request, however often it sends a byte', async () => {
    const socket = await connect(await limited({ patience: 300 }));
    const timer = setInterval(() => socket.write('x'), 20);
    await hungUp(socket);
    clearInterval(timer);
  });

  it('may wait for its answer for longer than that', async () => {
    const place = await limited({ patience: 50 });
    const { answer } = waits();
    const replies = ask(STOP, place);
    // The patience with a client that came later is over.
    await hungUp(await connect(place));
    answer();
    expect(await replies).toMatchObject([{ type: 'done' }]);
  });

  it('and does not read what it was told last is hung up on', async () => {
    const place = await limited({ patience: 100 });
    let isGone = false;
    handle = async (_request, send, signal) => {
      signal.addEventListener('abort', () => {
        isGone = true;
      });
      send({ type: 'error', code: 'test', message: 'x'.repeat(8 * 1024 * 1024) });
    };
    const socket = await connect(place);
    socket.pause().on('error', () => undefined);
    socket.write(`${JSON.stringify(STOP)}\n`);
    await eventually(() => isGone, 'it is hung up on');
    socket.destroy();
  });

  it('and reads nothing takes no more memory than is allowed, and disturbs nobody', async () => {
    const place = await limited({ unread: 256 * 1024 });
    let sent = 0;
    let isGone = false;
    handle = async (request, send, signal) => {
      if (request.method === 'hello') return send({ type: 'error', code: 'test', message: 'here' });
      signal.addEventListener('abort', () => {
        isGone = true;
      });
      for (; !isGone && sent < 1_000; sent++) {
        send({ type: 'error', code: 'test', message: 'x'.repeat(10_000) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const socket = await connect(place);
    socket.pause().on('error', () => undefined);
    socket.write(`${JSON.stringify(STOP)}\n`);
    const others = Array.from({ length: 5 }, () => ask(HELLO, place));
    expect((await Promise.all(others)).flat()).toHaveLength(5);
    await eventually(() => isGone, 'it is hung up on');
    // What the kernel keeps of a socket comes on top of it.
    expect(sent * 10_000).toBeLessThan(2 * 1024 * 1024);
    socket.destroy();
  });

  it('and goes on sending after its request is hung up on', async () => {
    const place = await limited({ surplus: 1024 });
    const { isGone } = waits();
    const socket = await connect(place);
    const closed = hungUp(socket);
    socket.write(`${JSON.stringify(STOP)}\n`);
    socket.write('x'.repeat(10_000));
    await closed;
    expect(isGone()).toBe(true);
  });
});

describe('when there are too many clients', () => {
  it('one that has asked for nothing makes way', async () => {
    const place = await limited({ clients: 3 });
    const silent = [await connect(place), await connect(place), await connect(place)];
    const gone = silent.slice(0, 2).map(hungUp);
    expect(await ask(HELLO, place)).toHaveLength(1);
    // The oldest one, and after the answer there is room again.
    await gone[0];
    for (const socket of silent) socket.destroy();
  });

  it('and all are being answered, the next is told so', async () => {
    const place = await limited({ clients: 2 });
    const gates: (() => void)[] = [];
    handle = async (_request, send) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      send({ type: 'done', outcomes: [], daemonEnds: false });
    };
    const answers = [ask(STOP, place), ask(STOP, place)];
    await eventually(() => gates.length === 2, 'both are asked');
    expect(await ask(STOP, place)).toMatchObject([{ type: 'error', code: 'busy' }]);
    for (const open of gates) open();
    expect((await Promise.all(answers)).flat()).toMatchObject([{ type: 'done' }, { type: 'done' }]);
    expect(await bounded(retried(place), 'room again')).toMatchObject([{ type: 'done' }]);
  });

  async function retried(place: string): Promise<Reply[]> {
    handle = async (_request, send) => send({ type: 'done', outcomes: [], daemonEnds: false });
    for (;;) {
      const replies = await ask(STOP, place);
      if (!JSON.stringify(replies).includes('busy')) return replies;
    }
  }
});

/** What clients do that mean no good, or are broken. */
const mischief = fc.oneof(
  fc.record({ does: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 2_000 }) }),
  fc.record({ does: fc.constant('json' as const), value: fc.jsonValue() }),
  fc.record({
    does: fc.constant('nearly' as const),
    request: fc.record(
      {
        protocol: fc.oneof(fc.constant(PROTOCOL), fc.jsonValue()),
        method: fc.oneof(
          fc.constantFrom('hello', 'start', 'stop', 'restart', 'retire', '__proto__', 'constructor'),
          fc.jsonValue(),
        ),
        names: fc.jsonValue(),
        by: fc.jsonValue(),
        config: fc.jsonValue(),
        wait: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  }),
);
const ending = fc.constantFrom('read', 'destroy', 'half', 'silent' as const);

it('whatever others do, a client gets its answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(mischief, ending), { maxLength: 8 }), async (clients) => {
      const sockets = await Promise.all(
        clients.map(async ([what, how]) => {
          const socket = await connect();
          socket.on('error', () => undefined);
          if (what.does === 'bytes') socket.write(what.bytes);
          else socket.write(`${JSON.stringify(what.does === 'json' ? what.value : what.request)}\n`);
          if (how === 'read') socket.resume();
          if (how === 'half') socket.end();
          if (how === 'destroy') socket.destroy();
          return socket;
        }),
      );
      expect(await ask(HELLO)).toMatchObject([{ type: 'hello' }]);
      for (const socket of sockets) socket.destroy();
    }),
    { numRuns: 60 },
  );
});
