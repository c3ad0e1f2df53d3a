/** Many files at once are one edit. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { WatchOptions } from '../../src/config/types.ts';
import { pause } from '../rig/eventually.ts';
import type { Rig } from '../rig/rig.ts';
import { loading, settled, stayIn, staysIn, story } from './story.ts';

/** On a busy machine git and a formatter pause for longer than the usual quiet period. */
const STRETCHED = { quiet: 600 };

/** Two services that load all of these between them, and a third that loads none. */
async function loadingMany(count: number, watch: WatchOptions = {}): Promise<{ rig: Rig; files: string[] }> {
  const files = Array.from({ length: count }, (_, n) => `lib/part-${n % 7}/m${n}.cjs`);
  const code = (parity: number) =>
    files.flatMap((file, n) => (n % 2 === parity ? [`import '../${file}';`] : [])).join('\n');
  const rig = await story((r) => ({
    even: { watch, command: loading(r, 'even', code(0)) },
    odd: { watch, command: loading(r, 'odd', code(1)) },
    none: {},
  }));
  for (const file of files) rig.write(file, `exports.file = '${file}';\n`);
  return { rig, files };
}

const git = (rig: Rig, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...words], {
    cwd: rig.workspace,
    env: { ...rig.env, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: 'ignore',
  });

it('a git checkout of 300 files is one restart, and one there and back is none', async () => {
  const { rig, files } = await loadingMany(300, STRETCHED);
  git(rig, 'init', '-q', '-b', 'first');
  git(rig, 'add', 'lib');
  git(rig, 'commit', '-q', '-m', 'first');
  git(rig, 'checkout', '-q', '-b', 'second');
  for (const file of files) rig.write(file, `exports.file = '${file}, second';\n`);
  git(rig, 'commit', '-q', '-a', '-m', 'second');
  await rig.ok('start');
  await settled(rig);
  git(rig, 'checkout', '-q', 'first');
  await rig.eventually(async () => (await rig.service('even')).run === 2, 'the second run');
  await stayIn(rig, { even: 2, odd: 2, none: 1 });
  expect((await rig.service('even')).cause).toMatchObject({ kind: 'edit' });
  execFileSync('sh', ['-c', 'git checkout -q second && git checkout -q first'], { cwd: rig.workspace });
  await stayIn(rig, { even: 2, odd: 2, none: 1 });
});

const FORMATTER = `
const { readFileSync, writeFileSync } = require('node:fs');
const files = process.argv.slice(1);
const next = () => {
  const file = files.shift();
  if (file === undefined) return;
  writeFileSync(file, readFileSync(file, 'utf8').replace("'", '"').replace("';", '";'));
  setTimeout(next, 5);
};
next();
`;

it('a formatter over 100 files is one restart, and where it changes nothing none', async () => {
  const { rig, files } = await loadingMany(100, STRETCHED);
  await rig.ok('start');
  await settled(rig);
  for (let time = 1; time <= 2; time++) {
    const child = spawn(process.execPath, ['-e', FORMATTER, ...files], { cwd: rig.workspace });
    await new Promise((resolve) => child.once('exit', resolve));
    await rig.eventually(async () => (await rig.service('odd')).run === 2, 'the second run');
    await stayIn(rig, { even: 2, odd: 2, none: 1 });
  }
});

it('an agent that saves ten files, one each 300 ms: few restarts, the last one after all of them', async () => {
  const { rig, files } = await loadingMany(20);
  await rig.ok('start');
  await settled(rig);
  for (const file of files.slice(0, 10)) {
    writeFileSync(rig.path(file), `${readFileSync(rig.path(file), 'utf8')}// by the agent\n`);
    await pause(300);
  }
  const last = rig.path(files[8] ?? '');
  const saved = Math.floor(statSync(last).mtimeMs);
  await rig.eventually(async () => {
    const { run, ready } = await rig.service('even');
    return ready && loadedAt(rig, 'even', run ?? 0, last) >= saved;
  }, 'a run that loaded the last save');
  await settled(rig);
  const { run } = await rig.service('even');
  console.log(`ten saves 300 ms apart: ${(run ?? 0) - 1} restarts`);
  expect(run).toBeGreaterThan(1);
  expect(run).toBeLessThan(7);
  await staysIn(rig, 'none', 1);
});

/** When a run read a file, epoch ms; it may have begun before the file was saved, and read it afterwards. */
function loadedAt(rig: Rig, service: string, run: number, file: string): number {
  const lines = rig.read('.upkeep/runs', service, String(run), 'loaded').trim().split('\n');
  const loads = lines
    .map((line): unknown[] => JSON.parse(line))
    .filter(([kind, , path]) => kind === 'load' && path === file);
  return Number(loads.at(-1)?.[1]);
}
