/** `upkeep wait --edit` while another service is still starting: nobody knows yet whether that one uses the file. */
import { expect, it } from 'vitest';
import { WaitReport } from '../../src/contract/api/wait.ts';
import { openGateway } from './gateway-rig.ts';
import { openShop, type Shop } from './wait-rig.ts';

/** A shop with `slow`, which never comes to be ready, `done`, which has ended well, and `parked`, which cannot be started. */
async function openBusyShop(): Promise<Shop> {
  const shop = await openShop();
  const { rig } = shop;
  const { services } = JSON.parse(rig.read('upkeep.config.json'));
  rig.write('servers/done.cjs', '');
  rig.configure({
    ...services,
    slow: { port: await rig.port(), does: [], ready: { timeout: '5m' } },
    done: { command: 'node servers/done.cjs', restart: 'never' },
    parked: { cwd: 'nowhere' },
  });
  await rig.ok('start', '--no-wait');
  await rig.eventually(async () => {
    const { services: all } = await rig.status();
    const stateOf = (name: string) => all.find((each) => each.name === name)?.state;
    return stateOf('done') === 'exited' && stateOf('parked') === 'crashed' && stateOf('slow') === 'starting';
  }, 'one has ended, one is parked, one is starting');
  return shop;
}

it('a broken edit is told at once, though another service is still starting', async () => {
  const { rig } = await openBusyShop();
  rig.write('lib/word.cjs', "const a = 1;\nthrow new TypeError('boom');\n");
  const { code, stdout } = await rig.cli('wait', '--edit', 'lib/word.cjs', '--json');
  expect(code).toBe(1);
  const report = WaitReport.parse(JSON.parse(stdout));
  expect(report.outcome).toBe('failed');
  expect(report.services.map(({ service, ok }) => `${service} ${ok}`).sort()).toEqual([
    'api false',
    'web false',
  ]);
  expect(report.services[0]?.problem).toMatchObject({ type: 'TypeError', file: 'lib/word.cjs', line: 2 });
  expect(report.notes).toEqual(['slow is still starting, so it is not known whether it uses lib/word.cjs']);
  // Without a file: time is up, and what has failed is not called ready.
  const all = await rig.cli('wait', '--timeout', '500ms');
  expect([all.code, all.stdout]).toEqual([
    1,
    expect.stringMatching(/✖ web [^\n]* before it could take over; run 1 goes on[^✖✔]*TypeError: boom/),
  ]);
  expect(all.stdout).toMatch(/✖ slow is starting after /);
  expect(all.stdout).toMatch(/✖ parked cannot be started: [^\n]*\n(?! {2})/);
  expect(all.stdout).not.toMatch(/✖ done/);
});

it('when time is up, who is still starting is a note, and who does not use the file is not told of', async () => {
  const { rig, say, answer } = await openBusyShop();
  say('second');
  const { code, stdout } = await rig.cli('wait', '--edit', 'lib/word.cjs', '--timeout', '4s', '--json');
  expect(code).toBe(1);
  expect(await answer()).toBe('second');
  const report = WaitReport.parse(JSON.parse(stdout));
  expect(report.outcome).toBe('timeout');
  expect(report.services.map(({ service, ok }) => `${service} ${ok}`).sort()).toEqual([
    'api true',
    'web true',
  ]);
  expect(report.notes).toEqual(['slow is still starting, so it is not known whether it uses lib/word.cjs']);
  // Time was too short for the daemon to tell anything.
  const { upkeep } = await openGateway(rig);
  say('third');
  const short = await upkeep.wait({ files: ['lib/word.cjs'], timeout: 1 });
  expect(short.services.filter(({ ok }) => !ok).map(({ service }) => service)).toEqual([]);
});
