import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexFile, indexFolder } from '../../src/logs/layout.ts';
import { readTimeIndex } from '../../src/logs/time-index.ts';
import { eventually } from '../rig/eventually.ts';
import { enterRoom, numbered, type Room } from './room.ts';

let room: Room;
beforeEach(() => {
  room = enterRoom();
});
afterEach(() => room.leave());

const seen = (text: string) =>
  vi.waitFor(() => expect(room.text()).toBe(text), { timeout: 5000, interval: 5 });
/** By an inotify watch of this process: proc_pid_fdinfo(5). */
const isWatched = (path: string) => isInodeWatched(statSync(path).ino);
const isInodeWatched = (ino: number) => {
  const watch = ` ino:${ino.toString(16)} `;
  return readdirSync('/proc/self/fdinfo').some((fd) => textOf(`/proc/self/fdinfo/${fd}`).includes(watch));
};
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const index = () => readTimeIndex(indexFile(indexFolder(room.root, 'web'), statSync(room.visible()).ino));

describe('what a run prints', () => {
  it('becomes visible as it is printed, byte for byte', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'hello\r\n');
    await seen('hello\r\n');
    room.print(1, '\u001b[31mred\u001b[0m\n');
    await seen('hello\r\n\u001b[31mred\u001b[0m\n');
    const binary = Buffer.from(Array.from({ length: 1024 }, (_, byte) => byte % 256));
    room.print(1, binary);
    await log.finish(1);
    expect(readFileSync(room.visible()).subarray(20)).toEqual(binary);
  });

  it('is seen again after a long silence, and after a file was idle', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    let text = '';
    for (let number = 0; number < 5; number++) {
      // The follower polls no longer: it has to come back through its watch.
      if (process.platform === 'linux') await eventually(() => isWatched(room.spool(1)), 'a watch');
      room.print(1, `line ${number}\n`);
      text += `line ${number}\n`;
      await seen(text);
    }
  });

  it('is consumed to the end when the run ends, and its spool is removed', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, numbered(0, 200_000));
    await log.finish(1);
    expect(room.text()).toBe(numbered(0, 200_000));
    expect(existsSync(room.spool(2))).toBe(true);
    expect(readdirSync(join(room.root, '.upkeep/runs/web/1'))).toEqual([]);
  });

  it('gets no newline added at its end, unless another run prints after it', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'last words');
    await log.finish(1);
    expect(room.text()).toBe('last words');
    log.attach(2, room.spool(2));
    room.print(2, 'first words\n');
    await log.finish(2);
    expect(room.text()).toBe('last words\nfirst words\n');
    expect(index().at(10)?.run).toBe(1);
    expect(index().at(11)?.run).toBe(2);
  });

  it('may be a line of 50 MB', async () => {
    const log = room.log({ maxSize: 200 * 1024 * 1024 });
    log.attach(1, room.spool(1));
    room.print(1, Buffer.alloc(50 * 1024 * 1024, 'x'));
    room.print(1, '\nafter\n');
    await log.finish(1);
    expect(statSync(room.visible()).size).toBe(50 * 1024 * 1024 + 7);
    // The chunk in which the line ends is the only other one in which a line begins.
    expect(index().count).toBeLessThanOrEqual(2);
  });

  it('is told as text and as lines, once', async () => {
    const lines: string[] = [];
    const chunks: string[] = [];
    const log = room.log({ onLine: (line, run) => lines.push(`${run}:${line}`) });
    const quiet = log.attach(1, room.spool(1), { onText: (chunk) => chunks.push(chunk) });
    const euro = Buffer.from('price 5 €\r\n');
    room.print(1, euro.subarray(0, 9));
    await vi.waitFor(() => expect(chunks.join('')).toBe('price 5 '));
    room.print(1, euro.subarray(9));
    await vi.waitFor(() => expect(chunks.join('')).toBe('price 5 €\r\n'));
    quiet();
    room.print(1, 'unheard');
    await log.finish(1);
    expect(chunks.join('')).toBe('price 5 €\r\n');
    expect(lines).toEqual(['1:price 5 €', '1:unheard']);
  });
});

describe('a listener that comes late', () => {
  it('is told of all that the run has printed, also before the daemon was there', async () => {
    const first = room.log();
    first.attach(1, room.spool(1));
    room.print(1, 'ready at ');
    await seen('ready at ');
    first.close();
    const chunks: string[] = [];
    const log = room.log();
    log.attach(1, room.spool(1));
    const quiet = log.attach(1, room.spool(1), { onText: (chunk) => chunks.push(chunk) });
    room.print(1, '3000\n');
    await vi.waitFor(() => expect(chunks.join('')).toBe('ready at 3000\n'));
    log.attach(1, room.spool(1), { onText: () => chunks.push('never') })();
    quiet();
    await log.finish(1);
    expect(chunks.join('')).toBe('ready at 3000\n');
    expect(room.text()).toBe('ready at 3000\n');
  });
});

describe('two runs at once', () => {
  it('share the log line by line, and the index knows whose line it is', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    log.attach(2, room.spool(2));
    room.print(1, 'old a\nold b, unfin');
    room.print(2, 'new a\n');
    await vi.waitFor(() => expect(room.text()).toContain('new a\n'));
    room.print(1, 'ished\n');
    await log.finish(1);
    await log.finish(2);
    const text = room.text();
    expect(text.split('\n').filter((line) => line.startsWith('new'))).toEqual(['new a']);
    expect(text.replace('new a\n', '').replaceAll('\n', '')).toBe('old aold b, unfinished');
    expect(index().at(text.indexOf('new a'))?.run).toBe(2);
    expect(index().at(text.indexOf('old a'))?.run).toBe(1);
    expect(index().at(text.indexOf('old b'))?.run).toBe(1);
  });

  it('does not hold an unfinished line back for ever', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    log.attach(2, room.spool(2));
    room.print(1, 'Continue? ');
    await seen('Continue? ');
  });
});

describe('a log that somebody touches', () => {
  it.each([
    ['removed', () => rmSync(room.visible())],
    ['removed with its folder', () => rmSync(room.logDir, { recursive: true })],
    ['emptied', () => truncateSync(room.visible())],
    [
      'replaced by an empty one',
      () => {
        rmSync(room.visible());
        writeFileSync(room.visible(), '');
      },
    ],
    ['moved', () => renameSync(room.visible(), join(room.root, 'elsewhere'))],
  ])('%s is back at the next output, without the old content', async (_, touch) => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'before, and rather long\n');
    await seen('before, and rather long\n');
    touch();
    room.print(1, 'after\n');
    await seen('after\n');
    expect(index().count).toBe(1);
    expect(index().at(0)?.run).toBe(1);
  });

  it('loses nothing that is printed after it was removed, again and again in the middle of a burst', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    let kept = '';
    for (let round = 0; round < 20; round++) {
      for (let part = 0; part < 10; part++) room.print(1, numbered(part * 100, part * 100 + 100));
      await new Promise((resolve) => setTimeout(resolve, round));
      rmSync(room.visible(), { force: true });
      room.print(1, `marker ${round}\n`);
      await vi.waitFor(() => expect(room.text()).toContain(`marker ${round}\n`), {
        timeout: 5000,
        interval: 2,
      });
      kept += room.text();
    }
    for (let round = 0; round < 20; round++) expect(kept.split(`marker ${round}\n`).length).toBe(2);
  });

  it('is gone on with when somebody adds a line by hand', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'a\n');
    await seen('a\n');
    appendFileSync(room.visible(), '--- here ---\n');
    room.print(1, 'b\n');
    await seen('a\n--- here ---\nb\n');
  });

  it('is read anew when the spool was emptied', async () => {
    const log = room.log();
    log.attach(1, room.spool(1));
    room.print(1, 'a long line before\n');
    await seen('a long line before\n');
    truncateSync(room.spool(1));
    room.print(1, 'b\n');
    await seen('a long line before\nb\n');
  });
});

describe('a spool that somebody removes', () => {
  it.runIf(process.platform === 'linux')('is followed on, and rests on a watch as before', async () => {
    const log = room.log();
    const spool = room.spool(1);
    const run = openSync(spool, 'a');
    const { ino } = statSync(spool);
    log.attach(1, spool);
    await eventually(() => isInodeWatched(ino), 'a watch');
    rmSync(spool);
    writeSync(run, 'a\n');
    await seen('a\n');
    await eventually(() => isInodeWatched(ino), 'a watch of what has no name');
    writeSync(run, 'b\n');
    await seen('a\nb\n');
    closeSync(run);
  });
});

describe('a workspace that is removed', () => {
  it('is not made anew by the last words of a run', async () => {
    const log = room.log();
    const spool = room.spool(1);
    const run = openSync(spool, 'a');
    const { ino } = statSync(spool);
    log.attach(1, spool);
    writeSync(run, 'a\n');
    await seen('a\n');
    if (process.platform === 'linux') await eventually(() => isInodeWatched(ino), 'a watch: it is at rest');
    rmSync(room.root, { recursive: true });
    writeSync(run, 'b\n');
    await log.finish(1);
    closeSync(run);
    expect(existsSync(room.root)).toBe(false);
  });

  it('nor is anything put into what stands in its place', async () => {
    const log = room.log();
    const spool = room.spool(1);
    const run = openSync(spool, 'a');
    log.attach(1, spool);
    const old = `${room.root}.old`;
    renameSync(room.root, old);
    mkdirSync(room.root);
    writeSync(run, 'b\n');
    await log.finish(1);
    closeSync(run);
    rmSync(old, { recursive: true });
    expect(readdirSync(room.root)).toEqual([]);
  });
});

describe('rotation', () => {
  it('keeps so many old files, cut at line ends, each with its index', async () => {
    const log = room.log({ maxSize: 1000, keep: 2 });
    log.attach(1, room.spool(1));
    room.print(1, numbered(0, 500));
    await log.finish(1);
    const files = [room.text(2), room.text(1), room.text()];
    expect(numbered(0, 500).endsWith(files.join(''))).toBe(true);
    for (const file of files) {
      expect(file.length).toBeLessThanOrEqual(1000);
      expect(file.endsWith('\n')).toBe(true);
    }
    expect(files[1]?.length).toBeGreaterThan(900);
    expect(readdirSync(room.logDir).sort()).toEqual(['web.log', 'web.log.1', 'web.log.2']);
    const indexes = readdirSync(indexFolder(room.root, 'web')).filter((name) => name.endsWith('.idx'));
    expect(indexes.length).toBeLessThanOrEqual(4);
    expect(index().at(0)?.run).toBe(1);
  });
});

describe('a log that cannot be written', () => {
  it('is told, and gone on with later without loss', async () => {
    const problems: (string | null)[] = [];
    writeFileSync(room.logDir, 'a file in the way');
    const log = room.log({ onProblem: (message) => problems.push(message) });
    log.attach(1, room.spool(1));
    room.print(1, 'first\n');
    await vi.waitFor(() => expect(problems.length).toBe(1));
    expect(problems[0]).toMatch(/^The log of web cannot be written: /);
    room.print(1, 'second\n');
    const finished = log.finish(1);
    await finished;
    expect(existsSync(room.spool(1))).toBe(true);
    rmSync(room.logDir);
    await seen('first\nsecond\n');
    await vi.waitFor(() => expect(existsSync(join(room.root, '.upkeep/runs/web/1/out'))).toBe(false));
    expect(problems.at(-1)).toBeNull();
    expect(problems.length).toBe(2);
  });

  it('tells of a spool that is not there, and throws nothing', async () => {
    const problems: (string | null)[] = [];
    const log = room.log({ onProblem: (message) => problems.push(message) });
    log.attach(1, join(room.root, 'nowhere'))();
    await log.finish(1);
    expect(problems[0]).toMatch(/^What web prints cannot be read: ENOENT/);
  });
});

describe('the next daemon', () => {
  it('goes on where the last one stopped', async () => {
    const first = room.log();
    first.attach(1, room.spool(1));
    room.print(1, 'a\n');
    await seen('a\n');
    first.close();
    room.print(1, 'b\n');
    const second = room.log();
    second.attach(1, room.spool(1));
    await second.finish(1);
    expect(room.text()).toBe('a\nb\n');
  });

  it('does not bring back what was removed while no daemon ran', async () => {
    const first = room.log();
    first.attach(1, room.spool(1));
    room.print(1, 'a\n');
    await seen('a\n');
    first.close();
    rmSync(room.visible());
    room.print(1, 'b\n');
    const second = room.log();
    second.attach(1, room.spool(1));
    await second.finish(1);
    expect(room.text()).toBe('b\n');
  });

  it('reads a new spool from its start although a run of the same number is on record', async () => {
    const first = room.log();
    first.attach(1, room.spool(1));
    room.print(1, 'a\n');
    await seen('a\n');
    first.close();
    // The old file keeps its inode by being moved away, as `rm` with an open descriptor would.
    renameSync(room.spool(1), join(room.root, 'old'));
    room.print(1, 'other\n');
    const second = room.log();
    second.attach(1, room.spool(1));
    await second.finish(1);
    expect(room.text()).toBe('a\nother\n');
  });
});

describe('the spool of a run that goes on', () => {
  it.runIf(canPunch())('gives the space of its consumed head back', async () => {
    const log = room.log({ maxSize: 100 * 1024 * 1024 });
    log.attach(1, room.spool(1));
    const chunk = Buffer.alloc(1024 * 1024, 'x\n');
    for (let number = 0; number < 24; number++) room.print(1, chunk);
    await vi.waitFor(() => expect(statSync(room.visible()).size).toBe(24 * 1024 * 1024), { timeout: 10_000 });
    await vi.waitFor(() => expect(statSync(room.spool(1)).blocks * 512).toBeLessThan(17 * 1024 * 1024), {
      timeout: 10_000,
    });
    room.print(1, 'still here\n');
    await log.finish(1);
    expect(readFileSync(room.visible(), 'latin1').endsWith('x\nstill here\n')).toBe(true);
  });
});

function canPunch(): boolean {
  const probe = enterRoom();
  try {
    mkdirSync(probe.logDir);
    const file = join(probe.logDir, 'probe');
    writeFileSync(file, Buffer.alloc(65_536));
    execFileSync('fallocate', ['-p', '-o', '0', '-l', '4096', file], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    probe.leave();
  }
}
