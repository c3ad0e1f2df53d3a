/** Ctrl-C in the middle of the fault machine: what it has started, in sessions of its own and with a guard, ends with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../rig/eventually.ts';
import { findMarked } from '../rig/processes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('nothing of it is left', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'upkeep-interrupted-'));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const argv = [
    'node_modules/jiti/lib/jiti-cli.mjs',
    'chaos/run.ts',
    '--only',
    'guard-kill',
    '--faults',
    '999',
  ];
  const machine = spawn(process.execPath, argv, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void machine.kill('SIGKILL'));
  const gone = once(machine, 'exit');
  let told = '';
  machine.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  await eventually(() => told.includes('#1 '), 'its first fault');
  const [room = ''] = readdirSync(temporary).filter((name) => name.startsWith('upchaos-'));
  const mark = `UPKEEP_CHAOS_ROOM=${join(temporary, room)}`;
  const left = () => findMarked(mark, join(temporary, 'nowhere')).length;
  expect(left()).toBeGreaterThan(4);
  machine.kill('SIGINT');
  expect(await gone).toEqual([130, null]);
  expect([left(), readdirSync(temporary).filter((name) => name.startsWith('upchaos-'))]).toEqual([0, []]);
});
