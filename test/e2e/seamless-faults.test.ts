/** Held sockets where things go wrong or differ: crashes, strangers, programs that stand alone, a killed daemon. */
import { type EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { pause } from '../rig/eventually.ts';
import { lookUp, type ProcessInfo, signalExactly } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { FILE, loadOn, servedWeb, server } from './seamless-rig.ts';
import { daemonsOf, entriesOf, livingDaemon, logOf, nextDaemon, untilState } from './support.ts';

const require = createRequire(import.meta.url);
const WS = JSON.stringify(require.resolve('ws'));
/** As far as it is used here: the package comes without types. */
const WebSocket = require('ws') as new (url: string) => EventEmitter & { terminate(): void };

/** Processes that run the server's file: its runs, without shims and guards. */
function runsOf(rig: Rig): ProcessInfo[] {
  return rig.processes().filter(({ command }) => command === `node ${FILE}`);
}

/** Binds and listens as another program would, at once: no second try. */
async function listenOn(port: number, host: string): Promise<Server> {
  const stranger = createServer();
  onTestFinished(() => void stranger.close());
  stranger.listen({ port, host, exclusive: true });
  await once(stranger, 'listening');
  return stranger;
}

it('a crash: only what was inside the dead process fails, and later requests wait', async () => {
  const web = await servedWeb();
  const { pid } = await web.rig.service('web');
  await web.rig.eventually(() => web.load.asked > 50, 'some requests');
  signalExactly(lookUp(pid ?? 0) as ProcessInfo, 'SIGKILL');
  await web.rig.eventually(async () => (await web.rig.service('web')).run === 2, 'run 2');
  await untilState(web.rig, 'web', 'ready');
  const { asked } = web.load;
  await web.rig.eventually(() => web.load.asked > asked + 20, 'it is asked again');
  await web.load.stop();
  // One request each: what was on its way, or on a kept connection that died with the process.
  expect(web.load.failures.length).toBeLessThanOrEqual(4);
  expect(web.load.failures.filter(({ what }) => !/ECONNRESET|socket hang up|EPIPE/.test(what))).toEqual([]);
  expect(entriesOf(web.rig, 'run-ended', 'web')).toMatchObject([
    { exit: { signal: 'SIGKILL' }, cause: null },
  ]);
});

it('stop leaves no process and frees the port at once, also in the middle of a swap', async () => {
  const web = await servedWeb();
  await web.load.stop();
  web.save(server('v2', 'await new Promise(() => setInterval(() => {}, 1000));'));
  await web.rig.eventually(() => runsOf(web.rig).length === 2, 'two runs');
  await web.rig.ok('stop', 'web');
  expect(runsOf(web.rig)).toEqual([]);
  for (const host of ['::', '127.0.0.1']) (await listenOn(web.port, host)).close();
  await web.rig.eventually(() => web.rig.processes().length === 0, 'no process of the workspace');
});

it('a stranger on the port is named, and left alone', async () => {
  const rig = await testRig();
  const port = await rig.port();
  const stranger = await listenOn(port, '127.0.0.1');
  rig.write(FILE, server('v1'));
  rig.configure({ web: { command: ['node', FILE], port } });
  const start = await rig.cli('start');
  expect(start.code).toBe(1);
  expect(`${start.stdout}${start.stderr}`).toContain(String(process.pid));
  expect(start.stderr).not.toContain('It printed nothing');
  const { reason } = await untilState(rig, 'web', 'crashed');
  expect(reason).toMatchObject({ kind: 'port-taken', port, pid: process.pid, command: expect.any(String) });
  expect(stranger.listening).toBe(true);
  stranger.close();
  await once(stranger, 'close');
  await rig.ok('start');
});

it('a program that cannot run twice is handed off, and told how to say so', async () => {
  const web = await servedWeb({ service: { watch: { quiet: 50 } } });
  const { rig } = web;
  const second = await rig.port();
  const alone = (version: string) => server(version, '', `createServer().listen(${second}, '127.0.0.1');`);
  web.save(alone('v2'));
  await web.answers('v2');
  web.save(alone('v3'));
  await web.answers('v3');
  await web.settled();
  await web.expectNoneFailed();
  expect(entriesOf(rig, 'handed-off', 'web')).toMatchObject([{ why: { kind: 'alone' } }]);
  expect(await rig.service('web')).toMatchObject({ restarts: 2, editFailed: null });
  expect((await rig.ok('why', 'web')).stdout).toMatch(/mode.{0,5}handoff/);
});

it('a bind host that an edit changes', async () => {
  const web = await servedWeb({ service: { env: { HOST: '127.0.0.1' }, watch: { quiet: 50 } } });
  await web.load.stop();
  const moved = server('v2').replace('process.env.HOST', "'0.0.0.0'");
  web.save(moved);
  const load = loadOn(web.port);
  await web.rig.eventually(() => load.last === 'v2', 'the new code answers');
  await web.settled();
  expect(entriesOf(web.rig, 'handed-off', 'web')).toMatchObject([
    { why: { kind: 'address', before: [`${web.port}/127.0.0.1`], now: [`${web.port}/0.0.0.0`] } },
  ]);
  expect((await web.rig.ok('why', 'web')).stdout).toContain(`it listens on 0.0.0.0:${web.port}`);
  const failed = load.failures.length;
  web.save(moved.replace('v2', 'v3'));
  await web.rig.eventually(() => load.last === 'v3', 'and it is swapped again');
  await web.settled();
  await load.stop();
  expect(load.failures.length).toBe(failed);
  expect(web.swaps).toBe(1);
});

it('an edit that moves to a host which is not held: a plain restart, which says so', async () => {
  const web = await servedWeb({ service: { watch: { quiet: 50 } } });
  await web.load.stop();
  web.save(server('v2').replace('process.env.HOST', "'127.0.0.2'"));
  const answer = async () => {
    const response = await fetch(`http://127.0.0.2:${web.port}/`, { headers: { connection: 'close' } });
    return (await response.text()) === 'v2';
  };
  await web.rig.eventually(() => answer().catch(() => false), 'the new code answers');
  await web.settled();
  expect(entriesOf(web.rig, 'handed-off', 'web')).toMatchObject([
    { why: { kind: 'unheld', why: 'host 127.0.0.2' } },
  ]);
  expect(entriesOf(web.rig, 'edit-failed', 'web')).toEqual([]);
});

it('who listens on another port than the declared one is restarted plainly, and told so', async () => {
  const rig = await testRig();
  const [port, other] = [await rig.port(), await rig.port()];
  rig.write(
    's.mjs',
    `import { createServer } from 'node:http'; createServer().listen(${other}, () => console.log('up'));`,
  );
  rig.configure({ web: { command: ['node', 's.mjs'], port, ready: { log: '^up' } } });
  await rig.ok('start');
  const why = `it listens on port ${other}, which is not declared`;
  await rig.eventually(async () => (await rig.service('web')).unheld === why, why);
  expect((await rig.ok('why', 'web')).stdout).toContain(`Mode plain: ${why} (its rule is swap)`);
  expect((await rig.ok('status')).stdout).toContain(why);
});

it('an answer that takes its time is finished by the run that began it', async () => {
  const text = server('v1', "import { existsSync } from 'node:fs';").replace(
    "(request, response) => response.end('v1')",
    `(request, response) => {
  if (request.url !== '/stream') return response.end('v1');
  response.write('begin ');
  const timer = setInterval(() => {
    if (!existsSync('finish')) return;
    clearInterval(timer);
    response.end('end of run ' + process.env.UPKEEP_RUN);
  }, 20);
}`,
  );
  const web = await servedWeb({ text, service: { stop: { drain: '30s' }, standby: false } });
  const [response] = (await once(
    get({ port: web.port, host: '127.0.0.1', path: '/stream' }),
    'response',
  )) as [IncomingMessage];
  let body = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  web.save(text.replaceAll('v1', 'v2'));
  await web.answers('v2');
  expect((await web.rig.service('web')).draining).toEqual([1]);
  expect(body).toBe('begin ');
  web.rig.write('finish', '');
  await once(response, 'end');
  expect(body).toBe('begin end of run 1');
  await web.settled();
  await web.expectNoneFailed();
  expect(runsOf(web.rig)).toHaveLength(1);
});

it('a websocket is closed with 1012, and its client comes back to the new run', async () => {
  const text = server(
    'v1',
    `import ws from ${WS};`,
    "new ws.WebSocketServer({ server }).on('connection', (client) => client.send('v1'));",
  );
  const web = await servedWeb({ text });
  const client = new WebSocket(`ws://127.0.0.1:${web.port}`);
  onTestFinished(() => client.terminate());
  await once(client, 'message');
  const closed = once(client, 'close');
  web.save(text.replaceAll('v1', 'v2'));
  const [code] = await closed;
  expect(code).toBe(1012);
  const again = new WebSocket(`ws://127.0.0.1:${web.port}`);
  onTestFinished(() => again.terminate());
  const [message] = await once(again, 'message');
  expect(String(message)).toBe('v2');
  await web.answers('v2');
  await web.expectNoneFailed();
});

it('kill -9 of the daemon in the middle of swaps: no request fails, and one run of the newest code lives', async () => {
  const web = await servedWeb({ service: { watch: { quiet: 50 }, standby: false } });
  const { rig } = web;
  for (let round = 1; round <= 5; round++) {
    const daemon = livingDaemon(rig);
    web.save(server(`round ${round}`));
    await pause(Math.random() * 600);
    signalExactly(daemon, 'SIGKILL');
    await nextDaemon(rig, daemon);
    await web.answers(`round ${round}`);
    await web.settled();
    await rig.eventually(() => runsOf(rig).length === 1, 'one run');
    const { pid } = await rig.service('web');
    expect(runsOf(rig).map((each) => each.pid)).toEqual([pid]);
  }
  await web.expectNoneFailed();
  expect(daemonsOf(rig)).toHaveLength(1);
  expect(logOf(rig, 'web')).not.toContain('EADDRINUSE');
});

it('a declared port that is changed: a plain restart, which says so; the old port is free', async () => {
  const web = await servedWeb();
  const { rig } = web;
  await web.load.stop();
  const port = await rig.port();
  rig.configure({ web: { command: ['node', FILE], port } });
  await rig.ok('restart', 'web');
  const status = await untilState(rig, 'web', 'ready');
  expect(status).toMatchObject({ run: 2, ports: [port], mode: 'swap', unheld: null });
  expect(entriesOf(rig, 'handed-off', 'web')).toMatchObject([
    { run: 2, why: { kind: 'ports', before: [web.port], now: [port] } },
  ]);
  expect((await rig.ok('why', 'web')).stdout).toContain(`its port is ${port} now`);
  (await listenOn(web.port, '::')).close();
  const load = loadOn(port);
  await rig.ok('restart', 'web');
  await web.settled();
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(web.swaps).toBe(1);
});
