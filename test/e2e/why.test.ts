/** `upkeep why`: the story of a service, read from files. */
import { expect, it } from 'vitest';
import { testRig } from '../rig/rig.ts';
import { untilState } from './support.ts';

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
