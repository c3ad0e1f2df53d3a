/**
 * Colours that programs give, made readable: darker or lighter, in their hue, until their contrast to what they stand
 * on is that of WCAG 2.2, 1.4.3. Pure.
 */

/** sRGB, each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const LEAST = 4.5;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The colour itself if it can be read. */
export function readableOn(ground: Rgb, colour: Rgb): Rgb {
  if (contrast(colour, ground) >= LEAST) return colour;
  const end = strongestOn(ground);
  // 256 steps are as fine as the colours are.
  let [far, near] = [0, 256];
  while (near - far > 1) {
    const middle = (far + near) >> 1;
    if (contrast(between(colour, end, middle / 256), ground) >= LEAST) near = middle;
    else far = middle;
  }
  return between(colour, end, near / 256);
}

/** Black or white: the better one of them has always a contrast of 4.58 at least. */
export function strongestOn(ground: Rgb): Rgb {
  return contrast(BLACK, ground) > contrast(WHITE, ground) ? BLACK : WHITE;
}

/** `share`: 0 is the first, 1 is the last. */
function between(from: Rgb, to: Rgb, share: number): Rgb {
  const mixed = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * share);
  return [mixed(0), mixed(1), mixed(2)];
}

/** WCAG's contrast ratio: from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
