/** Compiled code that was kept is used when it is ours and of this very text, and never otherwise. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepCompiled } from '../../../src/platform/compiled/keep.ts';
import { loadCompiled, loadMeanwhile } from '../../../src/platform/compiled/load.ts';

let room: string;
let kept: string;

beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'upkeep-compiled-'));
  kept = join(room, 'run/code');
  vi.stubEnv('UPKEEP_RUNTIME_DIR', join(room, 'run'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(room, { recursive: true, force: true });
  });
});

/** As the build does it. */
function bundle(code: string, folder = '.'): string {
  mkdirSync(join(room, folder), { recursive: true });
  const path = join(room, folder, 'bundle.cjs');
  writeFileSync(path, `${code}\n//${createHash('sha256').update(code).digest('hex').slice(0, 16)}\n`);
  return path;
}

/** Loads, and keeps as the CLI does at the end. */
function load(path: string) {
  const loaded = loadCompiled<{ answer(): unknown }>(path);
  if (loaded === null) throw new Error('cannot be kept');
  const answer = loaded.exports.answer();
  if (loaded.unkept !== null) keepCompiled(loaded.unkept);
  return { answer, wasKept: loaded.unkept === null };
}

function keptFile(): string {
  const [name = '', ...others] = readdirSync(kept);
  expect(others).toEqual([]);
  return join(kept, name);
}

it('is kept at the first call, and used from the second on', () => {
  const path = bundle('exports.answer = () => 42;');
  expect([load(path), load(path)]).toEqual([
    { answer: 42, wasKept: false },
    { answer: 42, wasKept: true },
  ]);
});

it('is what require makes of it', () => {
  mkdirSync(join(room, 'lazy'));
  writeFileSync(join(room, 'lazy/part.cjs'), 'module.exports = "part";');
  const path = bundle(
    'module.exports = { answer: () => [require("node:path").sep, require("./lazy/part.cjs"), __dirname, __filename] };',
  );
  expect(load(path).answer).toEqual(['/', 'part', room, path]);
});

it('another text of the same length has its own', () => {
  expect(load(bundle('exports.answer = () => 41;'))).toEqual({ answer: 41, wasKept: false });
  expect(load(bundle('exports.answer = () => 42;'))).toEqual({ answer: 42, wasKept: false });
});

it.each<[string, (good: Buffer) => Buffer]>([
  ['garbage', () => Buffer.from('garbage')],
  ['nothing', () => Buffer.alloc(0)],
  ['a half', (good) => good.subarray(0, good.length / 2)],
])('%s in its place is passed over, and replaced', (_, spoil) => {
  load(bundle('exports.answer = () => 42;'));
  writeFileSync(keptFile(), spoil(readFileSync(keptFile())));
  // V8 itself remembers, as long as the process lives, what it compiled for a path.
  const elsewhere = bundle('exports.answer = () => 42;', 'elsewhere');
  expect([load(elsewhere), load(elsewhere)]).toEqual([
    { answer: 42, wasKept: false },
    { answer: 42, wasKept: true },
  ]);
});

it('what others could have written is not run, nor is anything written there', () => {
  const path = bundle('exports.answer = () => 42;');
  load(path);
  chmodSync(kept, 0o777);
  expect([load(path), load(path)]).toEqual([
    { answer: 42, wasKept: false },
    { answer: 42, wasKept: false },
  ]);
});

it('a folder that cannot be made costs nothing but time', () => {
  writeFileSync(join(room, 'run'), 'a file');
  const path = bundle('exports.answer = () => 42;');
  expect([load(path).wasKept, load(path).wasKept]).toEqual([false, false]);
});

it('a bundle without seal, and a runtime folder that cannot be, are for require', () => {
  const path = join(room, 'plain.cjs');
  writeFileSync(path, 'exports.answer = () => 42;\n');
  expect(loadCompiled(path)).toBeNull();
  vi.stubEnv('UPKEEP_RUNTIME_DIR', 'relative');
  expect(loadCompiled(bundle('exports.answer = () => 42;'))).toBeNull();
});

it('what was kept long ago goes', () => {
  load(bundle('exports.answer = () => 41;'));
  const longAgo = Date.now() / 1000 - 31 * 86_400;
  utimesSync(keptFile(), longAgo, longAgo);
  load(bundle('exports.answer = () => 42;'));
  expect(load(bundle('exports.answer = () => 42;')).wasKept).toBe(true);
  keptFile();
});

describe('while others are answered', () => {
  const HEAD = '(function (exports, require, module, __filename, __dirname) {';
  const CODE = `${HEAD}globalThis.order?.push('run'); exports.answer = () => [__filename, typeof require];\n})`;
  const seal = (path: string) => readFileSync(path, 'utf8').slice(-17, -1);

  async function loadSlowly(path: string, key = seal(path), pause = async () => {}) {
    const { exports, unkept } = await loadMeanwhile<{ answer(): unknown }>(path, key, pause);
    if (unkept !== null) keepCompiled(unkept);
    return { answer: exports.answer(), wasKept: unkept === null };
  }

  it('is kept at the first call, and used from the second on', async () => {
    const path = bundle(CODE);
    const answer = [path, 'function'];
    expect(await loadSlowly(path)).toEqual({ answer, wasKept: false });
    expect(await loadSlowly(path)).toEqual({ answer, wasKept: true });
  });

  it('needs no folder to be kept in', async () => {
    vi.stubEnv('UPKEEP_RUNTIME_DIR', 'relative');
    const path = bundle(CODE);
    expect(await loadSlowly(path)).toEqual({ answer: [path, 'function'], wasKept: true });
  });

  it('what others could have written is not run', async () => {
    const path = bundle(CODE);
    await loadSlowly(path);
    chmodSync(kept, 0o777);
    expect((await loadSlowly(path)).wasKept).toBe(false);
  });

  it('runs after the last pause, and nothing of another build', async () => {
    const order: string[] = [];
    vi.stubGlobal('order', order);
    onTestFinished(() => void vi.unstubAllGlobals());
    const pause = async () => void order.push('pause');
    const path = bundle(CODE);
    await loadSlowly(path, seal(path), pause);
    expect(order).toEqual(['pause', 'pause', 'run']);
    const before = seal(path);
    bundle(CODE.replace('answer', 'another'));
    await expect(loadSlowly(path, before, pause)).rejects.toThrow(/missing, or of another build/);
    rmSync(path);
    await expect(loadSlowly(path, before, pause)).rejects.toThrow(/missing, or of another build/);
    expect(order).toEqual(['pause', 'pause', 'run']);
  });
});
