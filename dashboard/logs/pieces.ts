/** A line as pieces: coloured by its ANSI sequences, with matches marked and stack frames found. Pure. */
import { createAnsiSequenceParser } from 'ansi-sequence-parser';
import { coloursFor } from './colours.ts';
import { ESCAPE, lastWritten, onlyColours } from './sequences.ts';

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

interface Stretch {
  from: number;
  to: number;
}

/** `pattern`: global. */
export function piecesOf(text: string, pattern: RegExp | null): Piece[] {
  const shown = onlyColours(lastWritten(text));
  const coloured = shown.includes(ESCAPE) ? coloursOf(shown) : [plainPiece(shown)];
  const bare = coloured.map((piece) => piece.text).join('');
  const matches = pattern === null ? [] : matchesOf(bare, pattern);
  const frames = framesOf(bare);
  if (matches.length === 0 && frames.length === 0) return coloured;
  const cuts = [...new Set([...matches, ...frames].flatMap(({ from, to }) => [from, to]))].sort(
    (a, b) => a - b,
  );
  const [matchAt, frameAt, cutsIn] = [finder(matches), finder(frames), cutter(cuts)];
  let at = 0;
  return coloured.flatMap((piece) => {
    const start = at;
    at += piece.text.length;
    const places = [start, ...cutsIn(start, at), at];
    return places.slice(0, -1).map((from, index) => ({
      ...piece,
      text: piece.text.slice(from - start, (places[index + 1] ?? at) - start),
      match: matchAt(from) !== undefined,
      frame: frameAt(from)?.frame ?? null,
    }));
  });
}

/** Which of them a place lies in. They are in their order, and so are the places: a long line may have thousands. */
function finder<T extends Stretch>(stretches: readonly T[]): (place: number) => T | undefined {
  let next = 0;
  return (place) => {
    while ((stretches[next]?.to ?? Number.POSITIVE_INFINITY) <= place) next += 1;
    const found = stretches[next];
    return found !== undefined && found.from <= place ? found : undefined;
  };
}

/** Those of the cuts that lie between two places, asked for in their order. */
function cutter(cuts: readonly number[]): (from: number, to: number) => number[] {
  let next = 0;
  return (from, to) => {
    while ((cuts[next] ?? to) <= from) next += 1;
    const first = next;
    while ((cuts[next] ?? to) < to) next += 1;
    return cuts.slice(first, next);
  };
}

function coloursOf(text: string): Piece[] {
  return createAnsiSequenceParser()
    .parse(text)
    .map(({ value, foreground, background, decorations }) => {
      const swap = decorations.has('reverse');
      const [front, back] = swap ? [background, foreground] : [foreground, background];
      const { classes, colour, ground } = coloursFor(front, back);
      const look = [...classes, ...[...decorations].map((each) => `ansi-${each}`)].join(' ');
      return { ...plainPiece(value), look, colour, ground };
    });
}

function plainPiece(text: string): Piece {
  return { text, look: '', colour: null, ground: null, match: false, frame: null };
}

function matchesOf(text: string, pattern: RegExp): Stretch[] {
  return [...text.matchAll(pattern)]
    .filter(([found]) => found !== '')
    .map((found) => ({ from: found.index, to: found.index + found[0].length }));
}

/**
 * `at f (/home/ada/a.js:3:7)`, `file:///home/ada/a.mjs:3`, `servers/web.js:12`, `File "a.py", line 3`. A path is looked
 * for from where it may begin alone: from each of its characters, a long line would take minutes.
 */
const PLACES =
  /(?:file:\/\/|(?<![\w.@/+-]))([\w.@/+-]*[\w-]\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|ex|vue|svelte|css|html|json|ya?ml|toml)):(\d+)(?::(\d+))?|File "([^"]+)", line (\d+)/g;

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

/** As long as before, so that what has been found in it stays where it is. */
export function inOneLine(text: string): string {
  return text.replace(/\n/g, '⏎');
}
