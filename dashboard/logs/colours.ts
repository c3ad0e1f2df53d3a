/** Colours of ANSI sequences as classes and as CSS, readable in both themes. Pure. */
import type { createAnsiSequenceParser } from 'ansi-sequence-parser';
import { type Rgb, readableOn, strongestOn } from './contrast.ts';

/** Null: the usual one. */
export type Colour = ReturnType<ReturnType<typeof createAnsiSequenceParser>['parse']>[number]['foreground'];

export interface Colours {
  /** Classes, of those that each theme has its own for: the first sixteen. */
  classes: string[];
  colour: string | null;
  ground: string | null;
}

/** The worst that text without a ground of its own stands on: the selected line. As in tokens.css. */
const BARE: Grounds = { light: [235, 238, 249], dark: [37, 43, 59] };
/** The worst of the grounds that are classes. As in logs.css. */
const NAMED: Grounds = { light: [208, 212, 217], dark: [58, 66, 76] };

interface Grounds {
  light: Rgb;
  dark: Rgb;
}

export function coloursFor(front: Colour, back: Colour): Colours {
  const ground = rgbOf(back);
  if (ground !== null) {
    // It is the same in both themes, so what stands on it has to be as well.
    const given = rgbOf(front) ?? BASIC_RGB[basicOf(front) ?? -1] ?? strongestOn(ground);
    return { classes: [], colour: css(readableOn(ground, given)), ground: css(ground) };
  }
  const classes = [classOf(front, 'fg'), classOf(back, 'bg')].filter((each) => each !== null);
  const colour = rgbOf(front);
  if (colour === null) return { classes, colour: null, ground: null };
  const { light, dark } = basicOf(back) === null ? BARE : NAMED;
  const [inLight, inDark] = [css(readableOn(light, colour)), css(readableOn(dark, colour))];
  return {
    classes,
    colour: inLight === inDark ? inLight : `light-dark(${inLight}, ${inDark})`,
    ground: null,
  };
}

const BASIC = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const NAMES = [...BASIC, ...BASIC.map((name) => `bright${name[0]?.toUpperCase()}${name.slice(1)}`)];
/** As xterm has them, for those that stand on another colour. */
const BASIC_RGB: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** Which of the first sixteen it is; null: none of them. */
function basicOf(colour: Colour): number | null {
  if (colour?.type === 'named') return NAMES.indexOf(colour.name);
  return colour?.type === 'table' && colour.index < NAMES.length ? colour.index : null;
}

function classOf(colour: Colour, place: 'fg' | 'bg'): string | null {
  const basic = basicOf(colour);
  return basic === null ? null : `ansi-${place}-${NAMES[basic]}`;
}

/** The 216 colours and 24 greys of the table, and true colours. */
function rgbOf(colour: Colour): Rgb | null {
  if (colour?.type === 'rgb') return colour.rgb;
  if (colour?.type !== 'table' || colour.index < 16) return null;
  if (colour.index >= 232) {
    const grey = 8 + (colour.index - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = colour.index - 16;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)];
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}
