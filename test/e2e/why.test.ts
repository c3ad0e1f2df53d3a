/** `upkeep why`: the story of a service, read from files. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { testRig } from '../rig/rig.ts';
import { FILE, servedWeb, server } from './seamless-rig.ts';
import { entriesOf, untilState } from './support.ts';

it('tells starts, crashes with their last words, and stops; also when no daemon runs', async () => {
  const rig = await testRig();
  rig.configure({ web: { restart: { maxFailures: 2, delay: 1 } }, other: {} });
  await rig.ok('start', 'web');
  for (const words of ['first boom', 'second boom']) {
    const web = await rig.nextInvocation('web');
    await web.do({ do: 'print', text: words });
    await web.exit(3);
  }
  await untilState(rig, 'web', 'crashed');
  const parked = await rig.ok('why', 'web');
  expect(parked.stdout).toMatch(/^web is parked/);
  expect(parked.stdout).toMatch(/run 2 ended with exit 3 .*Parked: failed 2 times/);
  await rig.ok('stop');
  const { stdout } = await rig.ok('why', 'web');
  const at = (text: string) => stdout.indexOf(text);
  expect(at('run 2 started: the run before ended with exit 3')).toBeGreaterThan(0);
  expect(at('second boom')).toBeGreaterThan(at('run 2 ended'));
  expect(at('run 1 started: asked for by "upkeep start"')).toBeGreaterThan(at('second boom'));
  expect(at('first boom')).toBeGreaterThan(at('run 1 ended'));
  expect((await rig.ok('why', 'web', '-n', '1')).stdout).not.toContain('run 1');
  const json = (await rig.ok('why', 'web', '--json')).json<object[]>();
  expect(json).toMatchObject([
    { run: 2, exit: { code: 3 }, endCause: null, lastLines: ['second boom'], parked: { count: 2 } },
    { run: 1, cause: { kind: 'start', by: 'cli' }, lastLines: ['first boom'] },
  ]);
});

it('knows who was never started, and who there is not', async () => {
  const rig = await testRig();
  rig.configure({ web: {} });
  expect((await rig.ok('why', 'web')).stdout).toBe('web has never been started here.\n');
  const { code, stderr } = await rig.cli('why', 'wbe');
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean "web"?');
  expect((await rig.cli('why')).code).toBe(2);
});

it('a crash is shown with its place and code, one run alone; a manifest is told of', async () => {
  const rig = await testRig();
  rig.write('web.cjs', "const a = 1;\nthrow new TypeError('boom');\n");
  rig.write('package.json', '{}');
  rig.configure({ web: { command: 'node web.cjs', restart: { maxFailures: 2, delay: 1 } } });
  expect((await rig.cli('start')).code).toBe(1);
  const { stdout } = await rig.ok('why', 'web', '--run', '1');
  expect(stdout).toContain('at web.cjs:2, as it is now:');
  expect(stdout).toContain("> 2 | throw new TypeError('boom');");
  expect(stdout).not.toContain('run 2');
  expect((await rig.ok('why', 'web', '--json')).json<object[]>()[0]).toMatchObject({
    problem: { type: 'TypeError', file: 'web.cjs', line: 2 },
  });
  expect((await rig.cli('why', 'web', '--run', '99')).code).toBe(2);
  const manifest = (await rig.ok('why', '--file', 'package.json')).stdout;
  expect(manifest).toMatch(/restarts nothing: it says which packages there are\. `status` tells of it/);
});

it('a swap: nothing refused, and how many requests the run before it answered on its way out', async () => {
  const text = server('v1', "import { existsSync } from 'node:fs';").replace(
    "(request, response) => response.end('v1')",
    `(request, response) => {
  if (request.url !== '/stream') return response.end('v1');
  response.write('begin ');
  const timer = setInterval(() => {
    if (!existsSync('finish')) return;
    clearInterval(timer);
    response.end('end');
  }, 20);
}`,
  );
  const web = await servedWeb({ text, service: { stop: { drain: '30s' } }, load: { clients: 1 } });
  await web.load.stop();
  const streams = await Promise.all(
    [1, 2, 3].map(async () => {
      const request = get({ port: web.port, host: '127.0.0.1', path: '/stream', agent: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { end: once(response.resume(), 'end') };
    }),
  );
  web.save(text.replaceAll('v1', 'v2'));
  // A run that was begun on trial may have taken a number.
  await web.rig.eventually(async () => ((await web.rig.service('web')).run ?? 1) > 1, 'the next run serves');
  expect((await web.rig.ok('why', 'web')).stdout).toContain('; run 1 finishes what it was asked.');
  web.rig.write('finish', '');
  await Promise.all(streams.map(({ end }) => end));
  await web.settled();
  const { stdout } = await web.rig.ok('why', 'web');
  expect(stdout).toMatch(
    /run \d+ replaced run 1: servers\/web\.mjs changed\. Ready in [\d.]+ m?s, swapped at \d\d:\d\d:\d\d, 0 connections refused; run 1 ended cleanly after answering 3 requests\.\n/,
  );
  expect(stdout).toMatch(/run 1 gave way to run \d+: ended cleanly after answering 3 requests\./);
  expect((await web.rig.ok('why', 'web', '--json')).json<object[]>()).toMatchObject([
    { replaced: 1, port: { kind: 'served', atMost: 0 } },
    { run: 1, drained: { requests: 3, left: 0 } },
  ]);
});

it('a restart that closes the port tells for how long, one that holds it that they waited', async () => {
  const rig = await testRig();
  rig.write(FILE, server('v1'));
  const [port, other] = [await rig.port(), await rig.port()];
  rig.configure({
    web: { command: ['node', FILE], port, mode: 'plain' },
    held: { command: ['node', FILE], port: other, mode: 'handoff' },
  });
  await rig.ok('start');
  await rig.ok('restart');
  expect((await rig.ok('why', 'web')).stdout).toMatch(
    /run 2 started: .* Ready in .*; its port was closed for [\d.]+ m?s at most\.\n/,
  );
  expect((await rig.ok('why', 'held')).stdout).toMatch(
    /run 2 started: .* Ready in .*; 0 connections refused, they waited for [\d.]+ m?s at most\.\n/,
  );
});

it('a crash loop is one paragraph, and the same error is known again', async () => {
  const rig = await testRig();
  const broken = 'const a = 1;\nthrow new TypeError("no port " + process.pid);\n';
  rig.write('web.cjs', broken);
  rig.configure({ web: { command: 'node web.cjs', restart: { maxFailures: 4, delay: 1 } } });
  await rig.cli('start');
  await untilState(rig, 'web', 'crashed');
  expect((await rig.ok('why', 'web')).stdout).toMatch(
    /it crashed 4 times between .* \(runs 1 to 4\), each with exit 1 .*: TypeError: no port \d+ \(web\.cjs:2\)\..* Then it was parked: failed 4 times/,
  );
  // The same, further down.
  rig.write('web.cjs', `// edited\n${broken}`);
  await rig.eventually(() => entriesOf(rig, 'parked', 'web').length === 2, 'it is parked again');
  const { stdout } = await rig.ok('why', 'web', '--run', '5');
  expect(stdout).toMatch(/run 5 ended with exit 1 .* The same error for the 5th time since \d\d:\d\d:\d\d\./);
  const [last, first] = (await rig.ok('why', 'web', '-n', '2', '--json')).json<
    { run: number; repeats: object }[]
  >();
  expect(last).toMatchObject({ repeats: { times: 8, runs: [1, 2, 3, 4, 5, 6, 7] } });
  expect(first?.run).toBe(7);
});
