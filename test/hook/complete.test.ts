/** Lines are gathered before they are written: none is lost, however the process ends. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breathe, HookRig, nodes } from './rig.ts';

/** More than are written one by one. */
const COUNT = 250;

const names = Array.from({ length: COUNT }, (_, index) => `m${index}`);
const modules = (extension: string) => Object.fromEntries(names.map((name) => [`${name}.${extension}`, '']));
const all = (extension: string) => names.map((name) => `${name}.${extension}`);

/** All in one turn, without a pause. */
const REQUIRE_ALL = `for (let i = 0; i < ${COUNT}; i++) require('./m' + i + '.cjs');`;
/** Longer than a line ever waits for company (src/hook/gather.ts). */
const PAUSE = 'for (const until = Date.now() + 120; Date.now() < until; );';

interface Ending {
  name: string;
  files: Record<string, string>;
  /** Exit code, or null for a signal. */
  status: number | null;
  /** In the program's standard error. */
  error?: string;
  /** Files that are told besides the many. */
  more?: string[];
}

const ENDINGS: Ending[] = [
  { name: 'normally', files: { 'a.cjs': REQUIRE_ALL }, status: 0 },
  { name: 'by process.exit', files: { 'a.cjs': `${REQUIRE_ALL} process.exit(7)` }, status: 7 },
  {
    name: 'by process.exit that the app has wrapped',
    files: {
      'a.cjs': `const exit = process.reallyExit; process.reallyExit = (code) => exit.call(process, code + 1); ${REQUIRE_ALL} process.exit(7)`,
    },
    status: 8,
  },
  {
    name: 'by an exception',
    files: { 'a.cjs': `${REQUIRE_ALL} throw new Error('the end')` },
    status: 1,
    error: 'the end',
  },
  {
    name: 'by an exception in a timer',
    files: { 'a.cjs': `setTimeout(() => { ${REQUIRE_ALL} throw new Error('the end') })` },
    status: 1,
    error: 'the end',
  },
  {
    name: 'by a rejection',
    files: { 'a.cjs': `Promise.resolve().then(() => { ${REQUIRE_ALL} throw new Error('the end') })` },
    status: 1,
    error: 'the end',
  },
  {
    name: 'by an exception, whose handler ends it by SIGKILL',
    files: {
      'a.cjs': `process.on('uncaughtException', () => process.kill(process.pid, 'SIGKILL')); ${REQUIRE_ALL} throw 1`,
    },
    status: null,
  },
  {
    name: 'by a syntax error',
    files: { 'a.cjs': `${REQUIRE_ALL} require('./broken.cjs')`, 'broken.cjs': '{' },
    status: 1,
    error: 'SyntaxError',
    more: ['broken.cjs'],
  },
  {
    name: 'normally, loading in the exit event',
    files: { 'a.cjs': `process.on('exit', () => { ${REQUIRE_ALL} })` },
    status: 0,
  },
  {
    name: 'with a worker, by an exception there',
    files: {
      'a.cjs': `new (require('node:worker_threads').Worker)(__dirname + '/w.cjs').on('error', () => process.exit(3))`,
      'w.cjs': `${REQUIRE_ALL} throw new Error('the end')`,
    },
    status: 3,
    more: ['w.cjs'],
  },
  {
    name: 'with a worker that is terminated',
    files: {
      'a.cjs': `const worker = new (require('node:worker_threads').Worker)(__dirname + '/w.cjs').on('message', () => worker.terminate())`,
      'w.cjs': `${REQUIRE_ALL} require('node:worker_threads').parentPort.postMessage(1); for (;;);`,
    },
    status: 0,
    more: ['w.cjs'],
  },
  {
    name: 'by SIGKILL, a moment later',
    files: {
      'a.cjs': `${REQUIRE_ALL} ${PAUSE} require('./last.cjs'); process.kill(process.pid, 'SIGKILL')`,
      'last.cjs': '',
    },
    status: null,
    more: ['last.cjs'],
  },
  {
    name: 'by SIGKILL in a later turn',
    files: { 'a.cjs': `${REQUIRE_ALL} setImmediate(() => process.kill(process.pid, 'SIGKILL'))` },
    status: null,
  },
];

const rig = new HookRig();
beforeAll(async () => {
  await rig.build();
});
afterEach(breathe);
afterAll(() => rig.end());

const loaded = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('load ')).map((line) => line.split(' ')[1]);

describe.each(nodes())('nothing is lost on Node $name when it ends', (node) => {
  for (const { name, files, status, error = '', more = [] } of ENDINGS) {
    it(name, () => {
      const folder = rig.app({ ...modules('cjs'), ...files });
      const ran = rig.run(node, folder, ['a.cjs']);
      expect(loaded(ran.said)).toEqual(['a.cjs', ...all('cjs'), ...more].sort());
      expect(ran.status).toBe(status);
      expect(ran.stderr).toContain(error);
    });
  }

  it.each([
    ['normally', '', 0],
    ['by process.exit', 'process.exit(7)', 7],
    ['by an exception', 'throw new Error()', 1],
  ])('%s, with ES modules', (_, end, status) => {
    const imports = all('mjs').map((file) => `import './${file}';`);
    const folder = rig.app({ ...modules('mjs'), 'a.mjs': `${imports.join('\n')} ${end}` });
    const ran = rig.run(node, folder, ['a.mjs']);
    expect(loaded(ran.said)).toEqual(['a.mjs', ...all('mjs')].sort());
    expect(ran.status).toBe(status);
  });

  it('by SIGKILL in the middle of a turn: only the last of it', () => {
    const folder = rig.app({
      ...modules('cjs'),
      'a.cjs': `${REQUIRE_ALL} process.kill(process.pid, 'SIGKILL')`,
    });
    const told = new Set(loaded(rig.run(node, folder, ['a.cjs']).said));
    const lost = all('cjs').findIndex((file) => !told.has(file));
    expect(told.size).toBeGreaterThanOrEqual(20);
    // From the first that is lost on, none is there.
    if (lost !== -1) expect(told.size).toBe(lost + 1);
  });
});
