import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coloursFor } from '../../../dashboard/logs/colours.ts';
import { contrast, type Rgb, readableOn } from '../../../dashboard/logs/contrast.ts';

const WHITE: Rgb = [255, 255, 255];

it('is that of WCAG', () => {
  expect(contrast([0, 0, 0], WHITE)).toBeCloseTo(21, 5);
  expect(contrast([119, 119, 119], WHITE)).toBeCloseTo(4.48, 2);
  expect(contrast(WHITE, WHITE)).toBe(1);
});

describe('a colour on a ground', () => {
  const part = fc.integer({ min: 0, max: 255 });
  const rgb = fc.tuple(part, part, part);

  it('can be read, whatever the two are', () =>
    fc.assert(
      fc.property(rgb, rgb, (ground, colour) => contrast(readableOn(ground, colour), ground) >= 4.5),
      {
        numRuns: 2000,
        examples: [
          [
            [118, 118, 118],
            [118, 118, 118],
          ],
        ],
      },
    ));

  it('stays as it is when it can be read', () => expect(readableOn(WHITE, [0, 100, 0])).toEqual([0, 100, 0]));

  it('keeps its hue', () => {
    const [red, green, blue] = readableOn(WHITE, [255, 135, 0]);
    expect(red).toBeGreaterThan(150);
    expect(green / red).toBeCloseTo(135 / 255, 2);
    expect(blue).toBe(0);
  });
});

describe('the colours of a sequence', () => {
  it('are others in each theme where one cannot be read in both', () => {
    const { colour } = coloursFor({ type: 'table', index: 208 }, null);
    expect(colour).toMatch(/^light-dark\(rgb\(\d+ \d+ 0\), rgb\(255 135 0\)\)$/);
    expect(coloursFor({ type: 'rgb', rgb: [128, 128, 128] }, null).colour).toMatch(/^light-dark/);
  });

  it('of its own ground are the same in both themes, and so is what stands on it', () => {
    const black = { type: 'named', name: 'black' } as const;
    const yellow = { type: 'rgb', rgb: [250, 200, 0] as [number, number, number] } as const;
    expect(coloursFor(black, yellow)).toEqual({
      classes: [],
      colour: 'rgb(0 0 0)',
      ground: 'rgb(250 200 0)',
    });
    expect(coloursFor(null, yellow).colour).toBe('rgb(0 0 0)');
  });

  it('of the first sixteen are classes', () =>
    expect(coloursFor({ type: 'table', index: 9 }, { type: 'named', name: 'blue' })).toEqual({
      classes: ['ansi-fg-brightRed', 'ansi-bg-blue'],
      colour: null,
      ground: null,
    }));
});
