import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LogsWords, logsRequest } from '../../../src/cli/logs/request.ts';
import { type Screen, wantsColour } from '../../../src/cli/logs/screen.ts';
import { showLogs } from '../../../src/cli/logs/show.ts';
import { enterRoom, numbered, type Room } from '../../logs/room.ts';

let room: Room;
let now: number;
beforeEach(() => {
  room = enterRoom();
  now = Date.UTC(2026, 10, 23, 14);
});
afterEach(() => room.leave());

async function printed(service: string, run: number, text: string): Promise<void> {
  const log = room.log({ service, clock: { now: () => now } });
  log.attach(run, room.spool(run, service));
  room.print(run, text, service);
  await log.finish(run);
  log.close();
}

/** A screen that a test reads, and can close as a pager does. */
function fakeScreen(colour = false) {
  let leave = () => {};
  let gone = false;
  const written = { out: '', notes: [] as string[] };
  const screen: Screen = {
    colour,
    async write(text) {
      written.out += text;
    },
    note: (text) => void written.notes.push(text),
    closed: new Promise((resolve) => {
      leave = resolve;
    }),
    isClosed: () => gone,
  };
  const close = () => {
    gone = true;
    leave();
  };
  return { screen, written, close };
}

async function logs(words: Partial<LogsWords>, { colour = false, known = ['web', 'db'] } = {}) {
  const { screen, written } = fakeScreen(colour);
  await run(words, screen, known);
  return written;
}

function run(words: Partial<LogsWords>, screen: Screen, known: string[]): Promise<void> {
  const workspace = {
    root: room.root,
    logDir: room.logDir,
    serviceNames: known,
    groups: new Map([['db', ['storage']]]),
  };
  return showLogs(logsRequest({ names: [], ...words }, now), workspace, screen, { cwd: room.root, now });
}

describe('without a name', () => {
  it('lists the logs', async () => {
    await printed('web', 1, 'x'.repeat(2048));
    now = Date.now() + 65_000;
    expect((await logs({})).out).toBe(
      [
        'NAME  SIZE    WRITTEN      FILE',
        'web   2.0 kB  1 min ago    .server-logs/web.log',
        'db    -       nothing yet  .server-logs/db.log',
        '',
      ].join('\n'),
    );
  });

  it('lists them for programs', async () => {
    await printed('web', 1, 'hello\n');
    const [web, db] = JSON.parse((await logs({ json: true })).out);
    expect(web).toEqual({
      service: 'web',
      path: room.visible(),
      size: 6,
      rotated: 0,
      written: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(db).toMatchObject({ service: 'db', size: 0, written: null });
  });

  it('shows the lines of all services when an option chooses lines', async () => {
    await printed('web', 1, 'one\ntwo\n');
    now += 100;
    await printed('db', 1, 'two\n');
    expect((await logs({ grep: 'two' })).out).toBe('web | two\ndb  | two\n');
    expect((await logs({ lines: '1' })).out).toBe('web | two\ndb  | two\n');
    expect(JSON.parse((await logs({ grep: 'one', json: true })).out)).toMatchObject({ line: 'one' });
  });

  it('says when there are none', async () => {
    expect(await logs({}, { known: [] })).toEqual({
      out: '',
      notes: ['No service has printed anything yet.'],
    });
    expect(await logs({ follow: true }, { known: [] })).toEqual({
      out: '',
      notes: ['No service has printed anything yet.'],
    });
  });
});

describe('with names', () => {
  it('shows the last 50 lines, as they were printed', async () => {
    await printed('web', 1, numbered(0, 80));
    expect((await logs({ names: ['web'] })).out).toBe(numbered(30, 80));
    expect((await logs({ names: ['web'], lines: '2' })).out).toBe(numbered(78, 80));
    expect((await logs({ names: ['web'], lines: 'all' })).out).toBe(numbered(0, 80));
  });

  it('merges several by time, names before the lines', async () => {
    await printed('web', 1, 'one\n');
    now += 100;
    await printed('db', 1, 'two\n');
    now += 100;
    await printed('web', 2, 'three\n');
    expect((await logs({ names: ['*'] })).out).toBe('web | one\ndb  | two\nweb | three\n');
    const coloured = (await logs({ names: ['web', 'db'] }, { colour: true })).out.replaceAll(
      '\u001b',
      '<ESC>',
    );
    expect(coloured).toMatch(/^<ESC>\[\d+mweb<ESC>\[39m .*one\n/);
    const [first, second] = coloured.match(/<ESC>\[\d+mweb/g) ?? [];
    expect(first).toBe(second);
  });

  it('keeps the colours of a program on a terminal only', async () => {
    await printed('web', 1, '\u001b[31mred\n');
    expect((await logs({ names: ['web'] })).out).toBe('red\n');
    expect((await logs({ names: ['web'] }, { colour: true })).out).toBe('\u001b[31mred\u001b[0m\n');
  });

  it('shows times before the lines, and dashes where they are not known', async () => {
    await printed('web', 1, 'known\n');
    expect((await logs({ names: ['web'], timestamps: true })).out).toMatch(
      /^2026-11-2\d \d\d:00:00\.000 known\n$/,
    );
    mkdirSync(room.logDir, { recursive: true });
    writeFileSync(room.visible('db'), 'old\n');
    expect((await logs({ names: ['db'], timestamps: true })).out).toBe(`${'-'.padEnd(23)} old\n`);
  });

  it('lines names up by the cells that they take on a terminal', async () => {
    await printed('日本語', 1, 'one\n');
    now += 100;
    await printed('web', 1, 'two\n');
    expect((await logs({ names: ['日本語', 'web'] })).out).toBe('日本語 | one\nweb    | two\n');
  });

  it('prints one object a line for programs', async () => {
    await printed('web', 4, '\u001b[31mred\u001b[0m "x"\n');
    expect((await logs({ names: ['web'], json: true })).out).toBe(
      '{"service":"web","run":4,"time":"2026-11-23T14:00:00.000Z","line":"red \\"x\\""}\n',
    );
  });

  it('takes a group for its services', async () => {
    await printed('db', 1, 'from the db\n');
    expect((await logs({ names: ['storage'] })).out).toBe('from the db\n');
  });

  it('chooses by run and text, and says when nothing is left', async () => {
    await printed('web', 1, 'a\nerror\n');
    await printed('web', 2, 'b\n');
    expect((await logs({ names: ['web'], run: '1' })).out).toBe('a\nerror\n');
    expect((await logs({ names: ['web'], sinceRestart: true })).out).toBe('b\n');
    expect((await logs({ names: ['web'], grep: '^err' })).out).toBe('error\n');
    expect(await logs({ names: ['web'], run: '9' })).toEqual({
      out: '',
      notes: ['Nothing that run 9 of web printed is kept or matches.'],
    });
  });

  it('says that a known service has not printed yet', async () => {
    expect(await logs({ names: ['db'] })).toEqual({ out: '', notes: ['db has not printed anything yet.'] });
  });

  it('says that the log was removed', async () => {
    await printed('web', 1, 'one\n');
    rmSync(room.visible());
    expect(await logs({ names: ['web'] })).toEqual({
      out: '',
      notes: ['web has printed nothing since its log was removed.'],
    });
  });

  it('shows the log of a service that is no longer configured', async () => {
    await printed('old', 1, 'still here\n');
    expect((await logs({ names: ['old'] })).out).toBe('still here\n');
  });

  it.each([
    ['wbe', /No service or group is called "wbe"/, 'Did you mean "web"?'],
    ['../web', /No service or group is called "..\/web"/, null],
    ['x*', /No service matches "x\*"/, null],
  ])('refuses %s', async (name, message, hint) => {
    await expect(logs({ names: [name] })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      message: expect.stringMatching(message),
      ...(hint === null ? {} : { hint }),
    });
  });
});

describe('following', () => {
  it.each([
    [false, ['\u25cb started: engine/scoring.js changed (web.js \u2192 engine/scoring.js)']],
    [true, []],
  ])('tells what becomes of the services, apart from what they print (json: %s)', async (json, notes) => {
    const { screen, written, close } = fakeScreen();
    await printed('web', 1, 'a\n');
    mkdirSync(`${room.root}/.upkeep`, { recursive: true });
    const following = run({ names: ['web'], follow: true, json }, screen, ['web', 'db']);
    await vi.waitFor(() => expect(written.out).toContain('a'));
    const cause = { kind: 'edit', files: ['engine/scoring.js'], via: ['web.js', 'engine/scoring.js'] };
    const entries = ['web', 'db'].map((service) => ({
      at: now,
      kind: 'run-started',
      service,
      run: 2,
      cause,
    }));
    const text = `${entries.map((each) => JSON.stringify(each)).join('\n')}\n`;
    // What stood there before the follower looked for the first time is not news.
    await vi.waitFor(async () => {
      appendFileSync(`${room.root}/.upkeep/journal.jsonl`, text);
      await printed('web', 2, 'b\n');
      expect(written.out).toContain('b');
      expect([...new Set(written.notes.map(stripVTControlCharacters))]).toEqual(notes);
    });
    close();
    await following;
  });

  it('of one run ends with it, with its last words, and at once when it has ended before', async () => {
    mkdirSync(`${room.root}/.upkeep`, { recursive: true });
    const tell = (run: number, rest: object) =>
      appendFileSync(
        `${room.root}/.upkeep/journal.jsonl`,
        `${JSON.stringify({ at: now, service: 'web', run, ...rest })}\n`,
      );
    const ended = { kind: 'run-ended', exit: { code: 1 }, cause: null, lasted: 5 };
    await printed('web', 1, 'a\n');
    tell(1, ended);
    const notes = (run: number) => [`Run ${run} of web has ended: nothing more comes.`];
    expect(await logs({ names: ['web'], run: '1', follow: true, json: true })).toMatchObject({
      out: expect.stringContaining('"a"'),
      notes: notes(1),
    });
    const log = room.log();
    log.attach(2, room.spool(2));
    const { screen, written } = fakeScreen();
    const following = run({ names: ['web'], run: '2', follow: true, json: true }, screen, ['web']);
    tell(2, { kind: 'run-started', cause: { kind: 'start', by: 'cli' } });
    room.print(2, 'b\n');
    await vi.waitFor(() => expect(written.out).toContain('"b"'));
    room.print(2, 'last words');
    tell(2, ended);
    await log.finish(2);
    await following;
    expect(written.out).toContain('last words');
    expect(written.notes).toEqual(notes(2));
  });

  it('says that a run is still to come', async () => {
    await printed('web', 1, 'a\n');
    const { screen, written, close } = fakeScreen();
    const following = run({ names: ['web'], run: '9', follow: true, json: true }, screen, ['web']);
    await vi.waitFor(() => expect(written.notes).toEqual(['The last run of web is 1. Waiting for run 9.']));
    close();
    await following;
  });

  it('goes on until the reader is gone', async () => {
    await printed('web', 1, 'a\nb\n');
    const { screen, written, close } = fakeScreen();
    const following = run({ names: ['*'], follow: true, lines: '1', grep: 'b|c' }, screen, ['web', 'db']);
    const log = room.log();
    log.attach(2, room.spool(2));
    room.print(2, 'c\nd\n');
    await vi.waitFor(() => expect(written.out).toBe('web | b\nweb | c\n'));
    expect(written.notes).toEqual(['db has not printed anything yet. Waiting for it.']);
    rmSync(room.visible());
    room.print(2, 'cc\n');
    await vi.waitFor(() => expect(written.out).toBe('web | b\nweb | c\nweb | cc\n'));
    close();
    await following;
    expect(existsSync(room.visible())).toBe(true);
  });
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %j on a terminal (%s) colours are %s', (env, isTTY, expected) => {
  expect(wantsColour({ env, isTTY })).toBe(expected);
});
