/** The event stream against real services: live, resumed, and flooded. */
import { expect, it, onTestFinished } from 'vitest';
import type { ApiEvent, EventBatch, EventsQuery } from '../../src/contract/api/events.ts';
import type { HttpConnection } from '../../src/http/index.ts';
import { isAlive, signalExactly } from '../rig/processes.ts';
import { testRig } from '../rig/rig.ts';
import { openGateway } from './gateway-rig.ts';
import { livingDaemon, nextDaemon, untilState } from './support.ts';

interface Reader {
  events: ApiEvent[];
  cursor(): string;
  lines(): string[];
  /** Ends it; resolves when it is over. */
  close(): Promise<void>;
}

function read(
  upkeep: HttpConnection,
  query: EventsQuery,
  onBatch: (batch: EventBatch) => unknown = () => {},
): Reader {
  const over = new AbortController();
  const events: ApiEvent[] = [];
  let cursor = '';
  onTestFinished(() => over.abort());
  const done = (async () => {
    for await (const batch of upkeep.events(query, over.signal)) {
      events.push(...batch.events);
      cursor = batch.cursor;
      await onBatch(batch);
    }
  })();
  return {
    events,
    cursor: () => cursor,
    lines: () =>
      events.flatMap((event) => (event.type === 'logs' ? event.lines.map(({ text }) => text) : [])),
    async close() {
      over.abort();
      await done;
    },
  };
}

const numbers = (lines: string[]) =>
  lines.filter((line) => line.startsWith('n')).map((line) => Number(line.slice(1)));

const gaps = (counted: number[]) =>
  counted.filter((number, at) => at > 0 && number !== (counted[at - 1] ?? 0) + 1);

it('tells of a crash as it happens: last words, journal and state', async () => {
  const rig = await testRig();
  rig.configure({ web: { restart: { policy: 'never' } } });
  await rig.ok('start');
  const { upkeep } = await openGateway(rig);
  const reader = read(upkeep, { kinds: ['status', 'journal', 'logs', 'metrics'] });
  await rig.eventually(() => reader.events.some(({ type }) => type === 'metrics'), 'it is sampled');
  expect(reader.events[0]).toMatchObject({
    type: 'begin',
    resumed: false,
    status: { services: [{ name: 'web' }] },
  });
  const web = await rig.nextInvocation('web');
  await web.do({ do: 'print', text: 'Error: boom' });
  await web.exit(3);
  const journal = (kind: string) =>
    reader.events.find((event) => event.type === 'journal' && event.entry.kind === kind);
  await rig.eventually(() => journal('run-ended'), 'the journal tells');
  expect(journal('run-ended')).toMatchObject({ entry: { exit: { code: 3 } } });
  await rig.eventually(
    () => reader.events.some((event) => event.type === 'status' && event.changed[0]?.state === 'exited'),
    'the state tells',
  );
  const line = await rig.eventually(
    () => reader.events.find((event) => event.type === 'logs'),
    'the log tells',
  );
  expect(line).toMatchObject({ lines: [{ service: 'web', run: 1, text: 'Error: boom', level: 'error' }] });
  const { runs } = await upkeep.runs('web');
  expect(runs).toMatchObject([{ run: 1, exit: { code: 3 }, lastLines: ['Error: boom'] }]);
  await reader.close();
});

it('misses nothing and tells nothing twice, though daemon and gateway are killed', async () => {
  const rig = await testRig();
  rig.write('count.cjs', "let n = 0; setInterval(() => console.log('n' + n++), 2);");
  rig.configure({ count: { command: 'node count.cjs' } });
  await rig.ok('start');
  const { upkeep } = await openGateway(rig);
  const live = read(upkeep, { kinds: ['logs', 'journal'], services: ['count'] });
  await rig.eventually(() => live.lines().length > 100, 'lines come');
  const away = read(upkeep, { kinds: ['logs', 'journal'], services: ['count'] });
  await rig.eventually(() => away.lines().length > 50, 'to the other reader too');
  await away.close();

  const daemon = livingDaemon(rig);
  signalExactly(daemon, 'SIGKILL');
  await nextDaemon(rig, daemon);
  const { process: gateway } = JSON.parse(rig.read('.upkeep', 'gateway.json'));
  process.kill(gateway.pid, 'SIGKILL');
  await rig.eventually(() => !isAlive(gateway.pid), 'the gateway is dead');
  await openGateway(rig);

  const back = read(upkeep, { kinds: ['logs', 'journal'], services: ['count'], cursor: away.cursor() });
  const last = () => numbers(live.lines()).at(-1) ?? 0;
  const then = last();
  await rig.eventually(() => last() > then + 300, 'the live reader is back');
  await rig.eventually(() => (numbers(back.lines()).at(-1) ?? 0) > then + 300, 'the other one too');
  await live.close();
  await back.close();
  expect(gaps(numbers(live.lines()))).toEqual([]);
  expect(gaps(numbers([...away.lines(), ...back.lines()]))).toEqual([]);
  expect(back.events[0]).toMatchObject({ type: 'begin', resumed: true, lost: null });
  const adopted = (reader: Reader) =>
    reader.events.filter((event) => event.type === 'journal' && event.entry.kind === 'adopted');
  expect([adopted(live).length, adopted(back).length]).toEqual([1, 1]);
});

it('keeps nothing for a slow reader: it is told what was left out, and can fetch it', async () => {
  const rig = await testRig();
  rig.write(
    'flood.cjs',
    `process.stdin.resume(); const line = 'x'.repeat(95); let n = 0;
     process.on('SIGUSR2', () => { for (let i = 0; i < 100000; i++) console.log('n' + n++ + line); });
     setInterval(() => {}, 1e6);`,
  );
  rig.configure({ flood: { command: 'node flood.cjs' } });
  await rig.ok('start');
  const { upkeep } = await openGateway(rig);
  let isSlow = true;
  const release: (() => void)[] = [];
  const reader = read(
    upkeep,
    { kinds: ['logs'] },
    () => isSlow && new Promise<void>((resolve) => release.push(resolve)),
  );
  await rig.eventually(() => release.length === 1, 'it reads, and stops');
  const { pid } = await untilState(rig, 'flood', 'ready');
  process.kill(pid ?? 0, 'SIGUSR2');
  await rig.eventually(async () => {
    const { lines } = await upkeep.logs({ limit: 1 });
    return lines[0]?.text.startsWith('n99999');
  }, 'all of it is in the log');
  isSlow = false;
  for (const each of release) each();
  await rig.eventually(() => reader.lines().some((line) => line.startsWith('n99999')), 'it is at the end');
  const gap = reader.events.find((event) => event.type === 'gap');
  expect(gap).toMatchObject({ service: 'flood', reason: 'behind' });
  const after = gap?.type === 'gap' ? gap.after : null;
  const { lines } = await upkeep.logs({ after: after ?? '', limit: 5 });
  const before = reader.lines().filter((line, at, all) => at > 0 && line === all[at - 1]);
  expect(before).toEqual([]);
  expect(lines).toHaveLength(5);
  await reader.close();
});

it('goes through a long log page by page, in both directions, with every line once', async () => {
  const rig = await testRig();
  rig.write('print.cjs', "for (let n = 0; n < 30000; n++) console.log('n' + n);");
  rig.configure({
    print: { command: 'node print.cjs', restart: { policy: 'never' }, logs: { maxSize: '100kB' } },
  });
  await rig.cli('start');
  await untilState(rig, 'print', 'exited');
  const { upkeep } = await openGateway(rig);
  await rig.eventually(
    async () => (await upkeep.logs({ limit: 1 })).lines[0]?.text === 'n29999',
    'it is all there',
  );
  const up: number[][] = [];
  for (let before: string | null | undefined; before !== null; ) {
    const page = await upkeep.logs({ limit: 5000, ...(before !== undefined && { before }) });
    up.unshift(numbers(page.lines.map(({ text }) => text)));
    before = page.older;
  }
  const all = up.flat();
  expect([all.length > 10_000, all.at(-1), gaps(all)]).toEqual([true, 29_999, []]);
  const down: number[] = [];
  let after: string | undefined;
  for (let more = true; more; ) {
    const page = await upkeep.logs({
      limit: 4000,
      direction: 'forward',
      ...(after !== undefined && { after }),
    });
    down.push(...numbers(page.lines.map(({ text }) => text)));
    ({ more, newer: after } = page);
  }
  expect(down).toEqual(all);
  const found = await upkeep.logs({ grep: '^n2999[0-9]$', limit: 3 });
  expect(found.lines.map(({ text }) => text)).toEqual(['n29997', 'n29998', 'n29999']);
});
