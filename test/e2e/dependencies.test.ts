/** What a server needs is there before it starts, and goes after it. */
import { describe, expect, it } from 'vitest';
import { isAlive } from '../rig/processes.ts';
import { type Rig, testRig } from '../rig/rig.ts';
import { entriesOf, expectRuns, journalOf, untilState } from './support.ts';

/** db ← api ← web, and one that stands alone. */
async function chain(): Promise<Rig> {
  const rig = await testRig();
  const [db, api, web] = [await rig.port(), await rig.port(), await rig.port()];
  rig.configure({
    web: { port: web, dependsOn: ['api'] },
    api: { port: api, dependsOn: ['db'] },
    db: { port: db },
    alone: {},
  });
  return rig;
}

/** "ready db", "started api"… in the order of the journal. */
function order(rig: Rig): string[] {
  return journalOf(rig).flatMap((entry) => {
    if (entry.kind === 'run-started') return [`started ${entry.service}`];
    if (entry.kind === 'run-ready') return [`ready ${entry.service}`];
    if (entry.kind === 'run-ended') return [`ended ${entry.service}`];
    return [];
  });
}

describe('start', () => {
  it('waits for each to be ready before the next', async () => {
    const rig = await chain();
    await rig.ok('start');
    const seen = order(rig).filter((line) => !line.includes('alone'));
    expect(seen).toEqual(['started db', 'ready db', 'started api', 'ready api', 'started web', 'ready web']);
  });

  it('of one starts what it needs, and nothing else', async () => {
    const rig = await chain();
    await rig.ok('start', 'api');
    const states = (await rig.status()).services.map(({ name, state }) => `${name} ${state}`);
    expect(states).toEqual(['web stopped', 'api ready', 'db ready', 'alone stopped']);
  });

  it('tells what is waited for when a dependency does not come up', async () => {
    const rig = await testRig();
    const db = { port: await rig.port(), does: [{ do: 'exit', code: 5 } as const] };
    rig.configure({ db, api: { dependsOn: ['db'] }, alone: {} });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toMatch(/api.*db/);
    expect(await rig.service('api')).toMatchObject({ pid: null, ready: false });
    expect((await rig.service('alone')).state).toBe('ready');
    await expectRuns(rig, 'api', 0);
  });

  it('waits for a task to be completed', async () => {
    const rig = await testRig();
    rig.configure({
      migrate: { restart: 'never' },
      api: { dependsOn: { migrate: { condition: 'completed' } } },
    });
    const start = rig.beginCli(['start']);
    const migrate = await rig.nextInvocation('migrate');
    await rig.eventually(async () => (await rig.service('api')).waitingFor.includes('migrate'), 'api waits');
    await migrate.exit(0);
    await rig.nextInvocation('api');
    expect(await start.done).toMatchObject({ code: 0 });
  });

  it('says that a task has failed which is waited for to be completed', async () => {
    const rig = await testRig();
    rig.configure({
      migrate: { restart: 'never', does: [{ do: 'exit', code: 4 }] },
      seed: { restart: 'never', does: [{ do: 'exit', code: 0 }] },
      api: { dependsOn: { migrate: { condition: 'completed' }, seed: { condition: 'completed' } } },
    });
    const result = await rig.cli('start');
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toContain('waits for migrate, which ended with exit 4');
    await untilState(rig, 'seed', 'exited');
    const { stdout } = await rig.ok('status');
    expect(stdout).toContain('api: waits for migrate\n');
    expect(stdout).toContain('api: migrate ended with exit 4; an edit, "upkeep start" or');
    expect(stdout).toContain('0 of 2 ready, 1 completed');
  });

  it('does not wait for a dependency that is not required and not wanted', async () => {
    const rig = await testRig();
    rig.configure({ cache: {}, api: { dependsOn: { cache: { required: false } } } });
    await rig.ok('start', 'api');
    expect((await rig.service('cache')).state).toBe('stopped');
  });
});

describe('stop', () => {
  it('of all ends dependents before what they need', async () => {
    const rig = await chain();
    await rig.ok('start');
    await rig.ok('stop');
    const seen = order(rig).filter((line) => line.startsWith('ended') && !line.includes('alone'));
    expect(seen).toEqual(['ended web', 'ended api', 'ended db']);
  });
});

describe('restart', () => {
  it('of several, where each is stopped first, goes down and up in order', async () => {
    const rig = await chain();
    await rig.ok('start');
    const before = order(rig).length;
    await rig.ok('restart', '--hard', 'db', 'api', 'web');
    const seen = order(rig).slice(before);
    expect(seen.filter((line) => line.startsWith('ended'))).toEqual(['ended web', 'ended api', 'ended db']);
    expect(seen.filter((line) => line.startsWith('started'))).toEqual([
      'started db',
      'started api',
      'started web',
    ]);
    await expectRuns(rig, 'alone', 1);
  });

  it('of a dependency restarts those that asked for it', async () => {
    const rig = await testRig();
    rig.configure({
      db: { port: await rig.port() },
      bound: { dependsOn: { db: { restart: true } } },
      loose: { dependsOn: ['db'] },
    });
    await rig.ok('start');
    const bound = await rig.nextInvocation('bound');
    await rig.ok('restart', 'db');
    await rig.nextInvocation('bound');
    const status = await untilState(rig, 'bound', 'ready');
    expect(status.cause).toEqual({ kind: 'dependency', service: 'db' });
    expect(isAlive(bound.pid)).toBe(false);
    await expectRuns(rig, 'loose', 1);
  });
});

it('a crash of a dependency does not take its dependents down', async () => {
  const rig = await chain();
  await rig.ok('start');
  await (await rig.nextInvocation('db')).exit(1);
  await rig.nextInvocation('db');
  await untilState(rig, 'db', 'ready');
  await expectRuns(rig, 'api', 1);
  await expectRuns(rig, 'web', 1);
  expect(entriesOf(rig, 'run-ended')).toHaveLength(1);
});

describe('a configuration that cannot be ordered', () => {
  it('has a cycle: it is shown as a path', async () => {
    const rig = await testRig();
    rig.configure({ a: { dependsOn: ['b'] }, b: { dependsOn: ['c'] }, c: { dependsOn: ['a'] } });
    const result = await rig.cli('start');
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/a → b → c → a|b → c → a → b|c → a → b → c/);
  });

  it('names a service that is not there: the nearest is suggested', async () => {
    const rig = await testRig();
    rig.configure({ database: {}, api: { dependsOn: ['databse'] } });
    const result = await rig.cli('start');
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('databse');
    expect(result.stderr).toContain('"database"');
  });
});
