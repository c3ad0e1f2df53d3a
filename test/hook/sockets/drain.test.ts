import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded, pause } from '../../rig/eventually.ts';
import { nodes } from '../rig.ts';
import { type Held, type Run, SocketsRig } from './rig.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const PROGRAM = join(FOLDER, 'server.cjs');
const SWAPS = 5;
const TLS = {
  ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0',
  maxVersion: 'TLSv1.2',
  rejectUnauthorized: false,
} as const;

/** Without types of its own. */
const { WebSocket } = createRequire(import.meta.url)('ws') as {
  WebSocket: new (url: string) => NodeJS.EventEmitter;
};

const rig = new SocketsRig();
beforeAll(async () => {
  await rig.build();
});
afterAll(() => rig.end());

interface Answer {
  text: string;
  connection: string | undefined;
}

function get(url: string, agent: http.Agent | false): Promise<Answer> {
  const { get: send } = url.startsWith('https') ? https : http;
  return new Promise((resolve, reject) => {
    const request = send(url, { ...TLS, agent }, async (response) => {
      let text = '';
      try {
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve({ text, connection: response.headers.connection });
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', reject);
  });
}

/** Asks again and again until told to stop; what came back. */
function load(url: string, agent: http.Agent | false) {
  const answers = new Map<string, number>();
  let goes = true;
  const count = (what: string) => answers.set(what, (answers.get(what) ?? 0) + 1);
  const done = (async () => {
    while (goes) {
      await get(url, agent).then(
        ({ text }) => count(text),
        (error: NodeJS.ErrnoException) => count(`failed ${error.code}`),
      );
      await pause(4);
    }
  })();
  return async () => {
    goes = false;
    await done;
    return [...answers.keys()];
  };
}

describe.each(nodes())('a swap on Node $name', (node) => {
  const start = (held: Held, kind: string, name: string, gate: 'wait' | 'open' = 'open') =>
    rig.start(node, held, FOLDER, ['node', PROGRAM, kind, name], { gate });

  async function first(kind: string): Promise<[Held, Run]> {
    const held = await rig.hold();
    const run = start(held, kind, 'run0');
    await run.says('attached PORT/::');
    return [held, run];
  }

  /** The next run takes over, as the daemon does it. */
  async function swap(held: Held, before: Run, kind: string, name: string): Promise<Run> {
    const after = await start(held, kind, name, 'wait').says('gated PORT/::');
    expect(await after.tell('attach')).toBe('attached\n');
    expect(await before.tell('drain 5000')).toMatch(/^draining\ndrained 0 \d+\n$/);
    before.signal('SIGTERM');
    expect(await bounded(before.ended, 'its end')).toBe('SIGTERM');
    return after;
  }

  it.each(['http', 'https'])('fails no request of %s', { timeout: 60_000 }, async (kind) => {
    let [held, run] = await first(kind);
    const url = `${kind}://localhost:${held.port}/`;
    const { Agent } = kind === 'https' ? https : http;
    const agents = [false, new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
    const stops = agents.flatMap((agent) => [load(url, agent), load(url, agent)]);
    for (let round = 1; round <= SWAPS; round++) run = await swap(held, run, kind, `run${round}`);
    const seen = new Set((await Promise.all(stops.map((stop) => stop()))).flat());
    expect([...seen].sort()).toEqual(Array.from({ length: SWAPS + 1 }, (_, round) => `run${round}`));
    await run.kill();
  });

  it('lets what it has begun finish, asks clients to go, and says how many are left, and were answered', async () => {
    const [held, run] = await first('http');
    const url = `http://localhost:${held.port}`;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect((await get(`${url}/`, agent)).connection).toBe('keep-alive');
    const slow = get(`${url}/slow`, false);
    await pause(50);
    expect(await run.tell('drain 0')).toBe('draining\ndrained 2 1\n');
    const drained = run.tell('drain 5000');
    const kept = await get(`${url}/finish`, agent);
    expect(kept).toEqual({ text: 'ok', connection: 'close' });
    expect((await slow).text).toBe('begun finished');
    expect(await drained).toBe('draining\ndrained 0 2\n');
    expect(run.child.exitCode).toBeNull();
    agent.destroy();
    await run.kill();
  });

  it.each(['ws', 'own-ws'])('closes websockets with 1012 (%s)', async (kind) => {
    const [held, run] = await first(kind);
    const socket = new WebSocket(`ws://localhost:${held.port}`);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await bounded(new Promise((resolve) => socket.once('message', resolve)), 'its greeting');
    expect(await run.tell('drain 5000')).toBe('draining\ndrained 0 0\n');
    expect(await bounded(closed, 'its end')).toBe(1012);
    await run.kill();
  });

  it.each(['http2', 'http2s'])('asks clients of %s to go, and answers what they have asked', async (kind) => {
    const [held, run] = await first(kind);
    const session = http2.connect(`http${kind === 'http2s' ? 's' : ''}://localhost:${held.port}`, TLS);
    const ask = (path: string) => {
      const stream = session.request({ ':path': path }).setEncoding('utf8');
      return new Promise<string>((resolve, reject) => {
        let text = '';
        stream.on('data', (chunk) => {
          text += chunk;
        });
        stream.on('end', () => resolve(text)).on('error', reject);
      });
    };
    expect(await ask('/')).toBe('run0');
    const slow = ask('/slow');
    const goaway = new Promise((resolve) => session.once('goaway', resolve));
    const finish = ask('/x');
    await finish;
    const drained = run.tell('drain 5000');
    expect(await bounded(goaway, 'goaway')).toBe(0);
    // Nobody accepts any more: the stream is finished from inside.
    run.child.kill('SIGUSR2');
    expect(await bounded(slow, 'the slow one')).toBe('begun finished');
    expect(await drained).toBe('draining\ndrained 0 1\n');
    session.close();
    await run.kill();
  });

  it.each(['net', 'https', 'http2', 'tls'])('%s answers in private', async (kind) => {
    const held = await rig.hold();
    const run = await start(held, kind, 'private', 'wait').says('gated PORT/::');
    const socket = run.open();
    if (kind === 'net') {
      let text = '';
      for await (const chunk of socket.setEncoding('utf8')) text += chunk;
      expect(text).toBe('private');
    } else if (kind === 'http2') {
      const session = http2.connect('http://x', { createConnection: () => socket });
      const stream = session.request({ ':path': '/' });
      expect(String((await stream.toArray())[0])).toBe('private');
      session.close();
    } else {
      const { connect } = await import('node:tls');
      const secure = connect({ socket, ...TLS }).setEncoding('utf8');
      if (kind === 'https') secure.write('GET / HTTP/1.0\r\n\r\n');
      let text = '';
      for await (const chunk of secure) text += chunk;
      expect(text).toMatch(/private$/);
    }
    await run.kill();
  });
});
