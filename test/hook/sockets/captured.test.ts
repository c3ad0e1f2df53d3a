import http from 'node:http';
import type net from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded, eventually } from '../../rig/eventually.ts';
import { nodes } from '../rig.ts';
import { type Run, SocketsRig } from './rig.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const PROGRAM = join(FOLDER, 'server.cjs');

const rig = new SocketsRig();
beforeAll(async () => {
  await rig.build();
});
afterAll(() => rig.end());

function get(url: string, createConnection?: () => net.Socket): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    const options = createConnection ? { createConnection } : { agent: false as const };
    const request = http.get(url, options, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve(text);
    });
    request.on('error', ({ code }: NodeJS.ErrnoException) => resolve(`${code}`));
  });
  return bounded(answer, url);
}

const privately = (run: Run, path = '/') => get(`http://x${path}`, () => run.open());

describe.each(nodes())('held sockets on Node $name', (node) => {
  it.each(['express', 'fastify', 'koa', 'hono', 'ws', 'http'])('%s takes one', async (kind) => {
    const held = await rig.hold();
    const run = rig.start(node, held, FOLDER, ['node', PROGRAM, kind]);
    await run.prints('app listens');
    await eventually(
      () => run.said.some((line) => line.startsWith('attached PORT/')),
      `attached, of ${run.stderr}`,
    );
    if (kind !== 'ws') expect(await get(`http://localhost:${held.port}/`)).toBe('app');
    await run.kill();
  });

  it('an app that has replaced the loader and the timers takes one', async () => {
    const held = await rig.hold();
    const run = rig.start(node, held, FOLDER, ['node', PROGRAM, 'patched'], { gate: 'wait' });
    await run.prints('app listens');
    await run.says('gated PORT/::');
    expect(await privately(run)).toBe('app');
    expect(await run.tell('attach')).toBe('attached\n');
    expect(await get(`http://localhost:${held.port}/`)).toBe('app');
    expect(await run.tell('drain 2000')).toMatch(/^draining\ndrained 0 \d+\n$/);
    await run.kill();
  });

  it.each([
    ['reusePort', 'uncaptured PORT reusePort', 2212],
    ['ipv6Only', 'uncaptured PORT ipv6Only', 0],
    ['worker', 'uncaptured PORT worker thread', 0],
    ['cluster', 'uncaptured PORT cluster', 0],
    ['not declared', 'uncaptured OTHER not declared', 0],
  ])('%s listens by itself, and that is said', async (kind, said, since) => {
    if (node.version < since) return;
    const held = await rig.hold();
    const other = await rig.port();
    const run = rig.start(node, held, FOLDER, ['node', PROGRAM, kind], {
      env: { OTHER: `${other}` },
      gate: 'wait',
    });
    await run.prints('app listens');
    await run.says(said.replace('OTHER', `${other}`));
    expect(await get(`http://[::1]:${kind === 'not declared' ? other : held.port}/`)).toBe('app');
    await run.kill();
  });

  it('without the descriptors it listens by itself', async () => {
    const held = await rig.hold();
    const run = rig.start(node, held, FOLDER, ['node', PROGRAM, 'http'], { inherits: false });
    await run.says('uncaptured PORT descriptors closed');
    expect(await get(`http://127.0.0.1:${held.port}/`)).toBe('app');
    await run.kill();
  });

  it.each([
    ['sh', ['sh', '-c', `node '${PROGRAM}' http; true`]],
    ['npm run', ['npm', 'run', '--silent', '--prefix', FOLDER, 'start']],
  ])('through %s', async (_, argv) => {
    const held = await rig.hold();
    const run = rig.start(node, held, FOLDER, argv);
    await run.says('attached PORT/::');
    expect(await get(`http://127.0.0.1:${held.port}/`)).toBe('app');
    await run.kill();
  });

  it('behind the gate it listens to itself only, answers in private, and accepts when told to', async () => {
    const held = await rig.hold();
    const first = rig.start(node, held, FOLDER, ['node', PROGRAM, 'http', 'first']);
    await first.says('attached PORT/::');
    const second = rig.start(node, held, FOLDER, ['node', PROGRAM, 'http', 'second'], { gate: 'wait' });
    await second.prints('second listens');
    await second.says('gated PORT/::');
    const url = `http://localhost:${held.port}/`;
    for (let index = 0; index < 5; index++) expect(await get(url)).toBe('first');
    expect(await privately(second)).toBe('second');
    expect(JSON.parse(await privately(second, '/who'))).toEqual([
      '::ffff:127.0.0.1',
      '::ffff:127.0.0.1',
      true,
    ]);
    expect(second.said).toEqual(['gated PORT/::']);
    expect(await second.tell('attach')).toBe('attached\n');
    await second.says('attached PORT/::');
    expect(await first.tell('drain 2000')).toMatch(/^draining\ndrained 0 \d+\n$/);
    for (let index = 0; index < 5; index++) expect(await get(url)).toBe('second');
    expect(await second.tell('attach')).toBe('attached\n');
    expect(await second.tell('nonsense')).toBe('what?\n');
    expect(await second.tell('x'.repeat(300))).toBe('what?\n');
    for (const run of [first, second]) expect(run.child.exitCode).toBeNull();
    await Promise.all([first.kill(), second.kill()]);
  });

  it('opens at once when it was approved of; two processes have a control socket each', async () => {
    const held = await rig.hold();
    const both = `node '${PROGRAM}' four & PORT=1 node '${PROGRAM}' http & wait`;
    const run = rig.start(node, held, FOLDER, ['sh', '-c', both.replace('PORT=1 ', '')], {
      gate: 'wait',
      approved: true,
    });
    await eventually(() => run.controls.length === 2, `two control sockets, of ${run.stderr}`);
    expect(new Set(run.controls).size).toBe(2);
    await eventually(() => run.said.some((line) => line.startsWith('attached')), 'attached');
    await run.kill();
  });

  it('has a control socket also when another process takes its path in the same moment', async () => {
    const held = await rig.hold();
    const run = rig.start(node, held, FOLDER, ['node', PROGRAM, 'http'], { gate: 'wait', taken: true });
    await eventually(() => run.controls.length === 1, `a control socket, of ${run.stderr}`);
    expect(run.controls[0]).toMatch(/\/c\.\d+$/);
    await run.kill();
  });
});
