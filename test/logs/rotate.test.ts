import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextStep, rotateFiles } from '../../src/logs/rotate.ts';

describe('nextStep', () => {
  it('fills a file up to a line end and then rotates', () => {
    const bytes = Buffer.from('one\ntwo\nthree\n');
    expect(nextStep({ size: 0, endsLine: true, maxSize: 10 }, bytes)).toEqual({ rotate: false, length: 8 });
    expect(nextStep({ size: 8, endsLine: true, maxSize: 10 }, bytes.subarray(8))).toEqual({ rotate: true });
  });

  it('keeps a long line whole, but not beyond twice the size', () => {
    const line = Buffer.from(`${'x'.repeat(14)}\n`);
    expect(nextStep({ size: 0, endsLine: true, maxSize: 10 }, line)).toEqual({ rotate: false, length: 15 });
    const endless = Buffer.alloc(100, 'x');
    expect(nextStep({ size: 0, endsLine: true, maxSize: 10 }, endless)).toEqual({
      rotate: false,
      length: 20,
    });
    expect(nextStep({ size: 20, endsLine: false, maxSize: 10 }, endless)).toEqual({ rotate: true });
  });

  it('loses no byte, ends, and bounds each file, whatever is printed', () => {
    const output = fc.string({ unit: fc.constantFrom('x', '\n'), maxLength: 300 });
    fc.assert(
      fc.property(output, fc.integer({ min: 1, max: 20 }), (text, maxSize) => {
        const files: string[] = [''];
        let rest = Buffer.from(text);
        while (rest.length > 0) {
          const file = files[files.length - 1] ?? '';
          const fill = { size: file.length, endsLine: file === '' || file.endsWith('\n'), maxSize };
          const step = nextStep(fill, rest);
          if (step.rotate) {
            expect(file).not.toBe('');
            files.push('');
            continue;
          }
          expect(step.length).toBeGreaterThan(0);
          files[files.length - 1] = file + rest.toString('utf8', 0, step.length);
          rest = rest.subarray(step.length);
        }
        expect(files.join('')).toBe(text);
        for (const file of files) {
          const lines = file.split('\n').length - (file.endsWith('\n') ? 1 : 0);
          expect(file.length).toBeLessThanOrEqual(lines > 1 ? 2 * maxSize : Math.max(2 * maxSize, 1));
        }
      }),
    );
  });
});

describe('rotateFiles', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upkeep-rotate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (...names: string[]) => {
    for (const name of names) writeFileSync(join(folder, name), name);
  };
  const found = () =>
    Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );

  it('shifts, and drops the oldest', () => {
    put('a.log', 'a.log.1', 'a.log.2');
    rotateFiles(join(folder, 'a.log'), 2);
    expect(found()).toEqual({ 'a.log.1': 'a.log', 'a.log.2': 'a.log.1' });
  });

  it('shifts no further than the first gap', () => {
    put('a.log', 'a.log.2', 'a.log.3');
    rotateFiles(join(folder, 'a.log'), 3);
    expect(found()).toEqual({ 'a.log.1': 'a.log', 'a.log.2': 'a.log.2', 'a.log.3': 'a.log.3' });
  });

  it('removes what is more than is to be kept, and leaves other files alone', () => {
    put('a.log', 'a.log.1', 'a.log.5', 'a.log.old', 'b.log', 'b.log.5');
    rotateFiles(join(folder, 'a.log'), 1);
    expect(found()).toEqual({
      'a.log.1': 'a.log',
      'a.log.old': 'a.log.old',
      'b.log': 'b.log',
      'b.log.5': 'b.log.5',
    });
  });

  it('keeps none when told so, and does not mind a file that is gone', () => {
    put('a.log');
    rotateFiles(join(folder, 'a.log'), 0);
    rotateFiles(join(folder, 'a.log'), 2);
    mkdirSync(join(folder, 'sub'));
    expect(readdirSync(folder)).toEqual(['sub']);
  });
});
