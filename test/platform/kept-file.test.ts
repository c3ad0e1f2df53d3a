/** A file that is written on a full disk as well. Needs a file system that can be filled: only root can mount one. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeptFile } from '../../src/platform/kept-file.ts';
import { fill, smallDisk } from '../rig/small-disk.ts';

const said = (path: string) => readFileSync(path, 'utf8').trimEnd();

describe('with room', () => {
  it('is the text, private, and has a spare that is as large', () => {
    const folder = mkdtempSync(join(tmpdir(), 'upkeep-kept-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'x.json');
    const file = new KeptFile(path);
    for (const length of [10, 5_000, 20]) {
      expect(file.write('x'.repeat(length))).toBe(true);
      expect(said(path)).toBe('x'.repeat(length));
      expect(statSync(`${path}.spare`).size).toBe(statSync(path).size);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(folder).sort()).toEqual(['x.json', 'x.json.spare']);
  });
});

describe('on a full disk', () => {
  it('is written again and again, also by the next who comes', (context) => {
    const disk = smallDisk('256k');
    if (disk === null) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
    const path = join(disk, 'x.json');
    new KeptFile(path).write('with room');
    const filler = fill(disk);
    let file = new KeptFile(path);
    for (let count = 0; count < 10; count++) {
      expect(file.write(`without ${count}`)).toBe(false);
      expect(said(path)).toBe(`without ${count}`);
      if (count === 5) file = new KeptFile(path);
    }
    expect(() => file.write('x'.repeat(10_000))).toThrow(/ENOSPC/);
    expect(said(path)).toBe('without 9');
    rmSync(filler);
    expect(file.write('with room again')).toBe(true);
    expect(said(path)).toBe('with room again');
    expect(existsSync(`${path}.before`)).toBe(false);
  });

  it('does without what somebody has removed', (context) => {
    const disk = smallDisk('256k');
    if (disk === null) return context.skip('a tmpfs cannot be mounted here: not root, or a sandbox');
    const path = join(disk, 'x.json');
    const file = new KeptFile(path);
    file.write('with room');
    const filler = fill(disk);
    rmSync(path);
    writeFileSync(filler, '.'.repeat(4_096), { flag: 'a' });
    expect(file.write('without')).toBe(false);
    expect(said(path)).toBe('without');
    expect(() => file.write('once more')).toThrow(/ENOSPC/);
    expect(said(path)).toBe('without');
  });
});
