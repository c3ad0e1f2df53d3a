import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { send } from '../../../src/cli/up/send.ts';

it('what is to be stopped where nothing runs is stopped, and no daemon is started to say so', async () => {
  const root = mkdtempSync(join(tmpdir(), 'upkeep-send-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const done = await send(root, { method: 'stop', by: 'up', names: ['web'], wait: true });
  expect(done.outcomes).toEqual([]);
  expect(readdirSync(root)).toEqual([]);
});
