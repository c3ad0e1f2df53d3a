/** A line as pieces: coloured by its ANSI sequences, with matches marked and stack frames found. Pure. */
import { createAnsiSequenceParser } from 'ansi-sequence-parser';

export interface Piece {
  text: string;
  /** Classes of its colours and decorations. */
  look: string;
  /** CSS colours, for those that no class stands for. */
  colour: string | null;
  ground: string | null;
  match: boolean;
  frame: Frame | null;
}

export interface Frame {
  file: string;
  line: number;
  column: number | null;
}

const ESCAPE = '\u001b';

interface Stretch {
  from: number;
  to: number;
}

/** `pattern`: global. */
export function piecesOf(text: string, pattern: RegExp | null): Piece[] {
  const coloured = text.includes(ESCAPE) ? coloursOf(text) : [plainPiece(text)];
  const bare = coloured.map((piece) => piece.text).join('');
  const matches = pattern === null ? [] : matchesOf(bare, pattern);
  const frames = framesOf(bare);
  if (matches.length === 0 && frames.length === 0) return coloured;
  const cuts = [...new Set([...matches, ...frames].flatMap(({ from, to }) => [from, to]))].sort(
    (a, b) => a - b,
  );
  let at = 0;
  return coloured.flatMap((piece) => {
    const start = at;
    at += piece.text.length;
    return cutAt(piece, start, cuts).map(({ from, ...part }) => ({
      ...part,
      match: matches.some((each) => each.from <= from && from < each.to),
      frame: frames.find((each) => each.from <= from && from < each.to)?.frame ?? null,
    }));
  });
}

function cutAt(piece: Piece, start: number, cuts: number[]): (Piece & { from: number })[] {
  const end = start + piece.text.length;
  const places = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
  return places.slice(0, -1).map((from, index) => ({
    ...piece,
    from,
    text: piece.text.slice(from - start, (places[index + 1] ?? end) - start),
  }));
}

function coloursOf(text: string): Piece[] {
  return createAnsiSequenceParser()
    .parse(text)
    .filter(({ value }) => value !== '')
    .map(({ value, foreground, background, decorations }) => {
      const swap = decorations.has('reverse');
      const [front, back] = swap ? [background, foreground] : [foreground, background];
      return {
        ...plainPiece(clean(value)),
        look: [nameOf(front, 'fg'), nameOf(back, 'bg'), ...[...decorations].map((each) => `ansi-${each}`)]
          .filter(Boolean)
          .join(' '),
        colour: cssOf(front),
        ground: cssOf(back),
      };
    });
}

type Colour = ReturnType<ReturnType<typeof createAnsiSequenceParser>['parse']>[number]['foreground'];

function nameOf(colour: Colour, place: 'fg' | 'bg'): string {
  if (colour?.type === 'named') return `ansi-${place}-${colour.name}`;
  const name = colour?.type === 'table' ? NAMES[colour.index] : undefined;
  return name === undefined ? '' : `ansi-${place}-${name}`;
}

const BASIC = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const NAMES = [...BASIC, ...BASIC.map((name) => `bright${name[0]?.toUpperCase()}${name.slice(1)}`)];

/** The 216 colours and 24 greys of the table, and true colours. */
function cssOf(colour: Colour): string | null {
  if (colour?.type === 'rgb') return `rgb(${colour.rgb.join(' ')})`;
  if (colour?.type !== 'table' || colour.index < 16) return null;
  if (colour.index >= 232) {
    const grey = 8 + (colour.index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = colour.index - 16;
  return `rgb(${level(Math.floor(at / 36))} ${level(Math.floor(at / 6) % 6)} ${level(at % 6)})`;
}

/** What is left of sequences that are no colours: moves of the cursor, titles of windows. */
const REST = new RegExp(
  ['\\[[0-9;?]*[A-Za-ln-z]', '\\][^\\u0007]*\\u0007']
    .map((each) => ESCAPE + each)
    .join('|')
    .concat('|[\\u0000-\\u0008\\u000b-\\u001f]'),
  'g',
);

function clean(text: string): string {
  return text.replace(REST, '');
}

function plainPiece(text: string): Piece {
  return {
    text: text.includes(ESCAPE) ? text : clean(text),
    look: '',
    colour: null,
    ground: null,
    match: false,
    frame: null,
  };
}

function matchesOf(text: string, pattern: RegExp): Stretch[] {
  return [...text.matchAll(pattern)]
    .filter(([found]) => found !== '')
    .map((found) => ({ from: found.index, to: found.index + found[0].length }));
}

/** `at f (/home/ada/a.js:3:7)`, `file:///home/ada/a.mjs:3`, `servers/web.js:12`, `File "a.py", line 3`. */
const PLACES =
  /(?:file:\/\/)?((?:\/|\.{1,2}\/|[\w@-][\w.@-]*\/)?[\w.@/+-]*[\w-]\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|ex|vue|svelte|css|html|json|ya?ml|toml)):(\d+)(?::(\d+))?|File "([^"]+)", line (\d+)/g;

export function framesOf(text: string): (Stretch & { frame: Frame })[] {
  return [...text.matchAll(PLACES)].flatMap((found) => {
    const [all, file, line, column, python, pythonLine] = found;
    const name = file ?? python ?? '';
    if (name.startsWith('node:') || text.slice(Math.max(0, found.index - 5), found.index).endsWith('node:'))
      return [];
    return [
      {
        from: found.index,
        to: found.index + all.length,
        frame: {
          file: name,
          line: Number(line ?? pythonLine),
          column: column === undefined ? null : Number(column),
        },
      },
    ];
  });
}
