import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRunFolder,
  parsePidLine,
  recordedRuns,
  recordedServices,
  runFolder,
} from '../../src/process/run-folder.ts';
import { recordOf } from './room.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'upkeep-runs-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

const create = (run = 1) => createRunFolder(runs, recordOf(run, 0), 'exec true\n');

describe('a run folder', () => {
  it('gives back what was put in', () => {
    const folder = create();
    const record = {
      ...recordOf(1, 2),
      exit: { signal: 'SIGKILL' },
      process: { pid: 5, start: 7 },
      endedAt: 3,
    };
    folder.save(record);
    expect(runFolder(runs, 'web', 1).load()).toEqual(record);
  });

  it('is private, each file of it too', () => {
    const { path } = create();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const file of ['run.json', 'start', 'pid', 'exit', 'out'])
      expect([file, statSync(join(path, file)).mode & 0o777]).toEqual([file, 0o600]);
  });

  it('is not made over one that is there, nor through a link', () => {
    const { path } = create();
    expect(() => create()).toThrow(/EEXIST/);
    const target = join(runs, 'target');
    mkdirSync(join(runs, 'web', '2'), { recursive: true });
    symlinkSync(target, join(runs, 'web', '2', 'start'));
    expect(() => create(2)).toThrow(/EEXIST/);
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(join(path, 'start'), 'utf8')).toBe('exec true\n');
  });

  it('forgets its script, twice if asked', () => {
    const folder = create();
    folder.forgetScript();
    folder.forgetScript();
    expect(existsSync(join(folder.path, 'start'))).toBe(false);
  });

  it('knows nothing before the shim has come', () => {
    const folder = create();
    expect([folder.readPid(), folder.readExit(), folder.taken()]).toEqual([null, null, false]);
  });

  it.each([
    ['missing', null],
    ['empty', ''],
    ['cut off', '{"service": "web", "ru'],
    ['of another shape', '{"service": "web"}'],
    ['no object', '[]'],
    ['binary', '\0\u0001\u0002'],
  ])('says that there is no record when it is %s', (_, text) => {
    const folder = create();
    rmSync(join(folder.path, 'run.json'));
    if (text !== null) writeFileSync(join(folder.path, 'run.json'), text);
    expect(folder.load()).toBeNull();
  });
});

describe('its exit file', () => {
  it.each([
    ['0\n', { code: 0 }],
    ['137\n', { signal: 'SIGKILL' }],
    [`3\n${' '.repeat(509)}\n`, { code: 3 }],
  ])('%j tells %o', (text, exit) => {
    const folder = create();
    writeFileSync(join(folder.path, 'exit'), text);
    expect(folder.readExit()?.exit).toEqual(exit);
  });

  it.each(['', '1', `1${' '.repeat(510)}\n`, '\n', 'x\n', '-1\n', '\0\0\0\0'])(
    '%j, half written or worse, tells nothing',
    (text) => {
      const folder = create();
      writeFileSync(join(folder.path, 'exit'), text);
      expect(folder.readExit()).toBeNull();
    },
  );
});

describe('parsePidLine', () => {
  it.each([
    ['', null],
    ['x', null],
    ['0', null],
    ['-5', null],
    ['1.5', null],
    ['42 (a) b)', null],
    [`42 (a) b) ${'S 1 42 42'.padEnd(20)}`, null],
  ])('%j is nobody', (line, expected) => {
    expect(parsePidLine(line)).toEqual(expected);
  });

  it('takes a stat line', () => {
    const stat = readFileSync('/proc/self/stat', 'utf8').trim();
    expect(parsePidLine(stat)).toEqual({
      pid: process.pid,
      start: Number(stat.split(') ')[1]?.split(' ')[19]),
    });
  });

  it('takes a bare pid: who asks has to find out its start', () => {
    expect(parsePidLine('42')).toEqual({ pid: 42, start: Number.NaN });
  });
});

describe('what is recorded', () => {
  it('are runs by number, and nothing else that lies about', () => {
    for (const run of [10, 2, 1]) create(run);
    writeFileSync(join(runs, 'web', '.DS_Store'), '');
    mkdirSync(join(runs, 'web', '0'));
    mkdirSync(join(runs, 'web', '2.5'));
    expect(recordedRuns(runs, 'web')).toEqual([1, 2, 10]);
    expect(recordedServices(runs)).toEqual(['web']);
  });

  it('is nothing where there is no folder', () => {
    expect(recordedRuns(join(runs, 'gone'), 'web')).toEqual([]);
    expect(recordedServices(join(runs, 'gone'))).toEqual([]);
  });
});
