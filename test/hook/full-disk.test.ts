/** What the hook could not write down for want of room is not lost. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openReport } from '../../src/hook/report.ts';
import { eventually } from '../rig/eventually.ts';
import { fill, smallDisk } from '../rig/small-disk.ts';

it('tells later what it could not when the disk was full', async (context) => {
  const disk = smallDisk('64k');
  if (disk === null) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
  const path = join(disk, 'loaded');
  writeFileSync(path, '');
  const report = openReport(path, 'worker');
  const filler = fill(disk);
  report?.listening();
  report?.quiet('x');
  expect(readFileSync(path, 'utf8')).toBe('');
  rmSync(filler);
  await eventually(() => readFileSync(path, 'utf8') !== '', 'the lines are written');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line)[0])).toEqual(['listening', 'quiet']);
});
