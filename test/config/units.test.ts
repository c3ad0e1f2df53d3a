import { describe, expect, it } from 'vitest';
import { toBytes, toMs } from '../../src/config/units.ts';

describe('units', () => {
  it.each([
    [0, 0],
    [250, 250],
    ['500ms', 500],
    ['2s', 2000],
    ['2 s', 2000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
    ['0.0004s', 0],
  ])('%j is %i ms', (written, ms) => {
    expect(toMs(written)).toBe(ms);
  });

  it.each([
    [1, 1],
    ['10B', 10],
    ['1kb', 1024],
    ['10 MB', 10_485_760],
    ['0.5GB', 536_870_912],
  ])('%j is %i bytes', (written, bytes) => {
    expect(toBytes(written)).toBe(bytes);
  });

  it.each(['', '5', '5 sec', '-1s', '1e3ms', 's'])('%j is no duration', (written) => {
    expect(() => toMs(written)).toThrow(`not a duration: ${written}`);
  });
});
