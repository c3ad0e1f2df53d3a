/**
 * Text of services, made fit for a part of the screen. Pure.
 * Their colours are kept; whatever else a terminal would obey (cursor movements, titles, clipboards, links) is not.
 */
import measuredWidth from 'fast-string-width';

// ECMA-48: CSI; strings (OSC, DCS, SOS, PM, APC) up to their end; other escapes; in 7 and in 8 bits.
const ESC = '\u001b';
const CSI = `(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]`;
const STRING = `(?:${ESC}[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u009c|${ESC}\\\\)?`;
const SEQUENCE = new RegExp(`${CSI}|${STRING}|${ESC}[ -/]*[0-~]?`, 'g');
const COLOUR = new RegExp(`^(?:${ESC}\\[|\u009b)([\\d;:]*)m$`);
/** What is left of control characters, and what turns the direction of text around ("Trojan source"). */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const UNSEEN_BUT_ESC = new RegExp(`(?!${ESC})${UNSEEN.source}`, 'gu');
const KEPT = new RegExp(`(${ESC}\\[[\\d;:]*m)`);
const RESET = new RegExp(`^${ESC}\\[0*m$`);
const PLAIN = /^[ -~]*$/;
const TAB = 8;

/** Only text and, with `colour`, its colours. What was written over after a carriage return is left out. */
export function clean(text: string, colour: boolean): string {
  if (PLAIN.test(text)) return text;
  const last = text.replace(/\r+$/, '');
  const shown = last.slice(last.lastIndexOf('\r') + 1);
  if (!colour) return expanded(shown.replace(SEQUENCE, '')).replace(UNSEEN, '');
  const coloured = shown.replace(SEQUENCE, (sequence) => {
    const codes = COLOUR.exec(sequence)?.[1];
    return codes === undefined ? '' : `${ESC}[${codes}m`;
  });
  return expanded(coloured).replace(UNSEEN_BUT_ESC, '');
}

function expanded(text: string): string {
  if (!text.includes('\t')) return text;
  const [first = '', ...rest] = text.split('\t');
  return rest.reduce((done, part) => `${done}${' '.repeat(TAB - (width(done) % TAB))}${part}`, first);
}

/** Columns that it takes. */
export function width(text: string): number {
  return PLAIN.test(text) ? text.length : measuredWidth(text);
}

/**
 * In rows of at most `columns`; each stands for itself: it opens the colours that it needs and closes them.
 * `most`: so many rows, the last one then ends with `more`.
 */
export function wrap(text: string, columns: number, most: number, more: string): string[] {
  if (PLAIN.test(text) && text.length <= columns) return [text];
  const rows: string[] = [];
  let row = '';
  let used = 0;
  let style = '';
  const end = () => {
    rows.push(style === '' && !row.includes(ESC) ? row : `${row}${ESC}[0m`);
    row = style;
    used = 0;
  };
  for (const piece of text.split(KEPT)) {
    if (piece.startsWith(ESC)) {
      style = restyled(style, piece);
      row += piece;
      continue;
    }
    for (const cell of cells(piece)) {
      const takes = width(cell);
      if (used + takes > columns) {
        if (rows.length + 1 === most) return [...rows, `${cut(row, columns, used, more)}`];
        end();
      }
      row += cell;
      used += takes;
    }
  }
  end();
  return rows;
}

/** Prose: in rows that end between words where they can, all but the first one with a margin. */
export function wrapWords(text: string, columns: number, margin: number): string[] {
  const indent = ' '.repeat(columns > 3 * margin ? margin : 0);
  const rows: string[] = [];
  let rest = text;
  while (width(rest) > columns) {
    const most = truncated(rest, columns);
    const lead = rows.length === 0 ? 0 : indent.length;
    const space = rest.slice(0, most.length + 1).lastIndexOf(' ');
    const end = space > lead + columns / 3 ? space : Math.max(lead + 1, most.length);
    rows.push(rest.slice(0, end));
    rest = indent + rest.slice(end).trimStart();
  }
  return [...rows, rest];
}

function cut(row: string, columns: number, used: number, more: string): string {
  const rest = columns - used;
  return rest >= width(more) ? `${row}${ESC}[0m${more}` : `${truncated(row, columns - width(more))}${more}`;
}

/** What is seen as one sign; plain text is cut faster. */
function cells(text: string): Iterable<string> {
  return PLAIN.test(text) ? text : [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** Longer sequences of colours than anybody means are cut off. */
const LONGEST_STYLE = 200;

function restyled(style: string, code: string): string {
  if (RESET.test(code)) return '';
  return style.length > LONGEST_STYLE ? code : style + code;
}

/** The beginning of it, in at most `columns`; closes its colours. */
export function truncated(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let done = '';
  let used = 0;
  for (const piece of text.split(KEPT)) {
    if (piece.startsWith(ESC)) {
      done += piece;
      continue;
    }
    for (const cell of cells(piece)) {
      const takes = width(cell);
      if (used + takes > columns) return done.includes(ESC) ? `${done}${ESC}[0m` : done;
      done += cell;
      used += takes;
    }
  }
  return done.includes(ESC) ? `${done}${ESC}[0m` : done;
}

/** Exactly so wide: cut with `more` at the end, or filled up with blanks. */
export function fitted(text: string, columns: number, more: string): string {
  if (columns <= 0) return '';
  const takes = width(text);
  if (takes <= columns) return text + ' '.repeat(columns - takes);
  const start = truncated(text, columns - width(more));
  return `${start}${more}${' '.repeat(Math.max(0, columns - width(start) - width(more)))}`;
}

/** Case counts only when it holds a capital. */
export function finder(sought: string): RegExp {
  return new RegExp(literal(sought), sought === sought.toLowerCase() ? 'iu' : 'u');
}

/** The same for the API. */
export function soughtPattern(sought: string): string {
  return `${sought === sought.toLowerCase() ? '(?i)' : ''}${literal(sought)}`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const MARK = `${ESC}[7m`;
const UNMARK = `${ESC}[27m`;

/** With each match shown reversed, also where colours change within it. */
export function highlighted(text: string, pattern: RegExp): string {
  const pieces = text.split(KEPT);
  const plain = pieces.filter((piece) => !piece.startsWith(ESC)).join('');
  const all = new RegExp(pattern.source, `${pattern.flags}g`);
  const marks = [...plain.matchAll(all)].map(({ index, 0: match }) => [index, index + match.length] as const);
  if (marks.length === 0) return text;
  let at = 0;
  const isMarked = (offset: number) => marks.some(([start, end]) => offset >= start && offset < end);
  const edges = marks.flat();
  return pieces
    .map((piece) => {
      if (piece.startsWith(ESC)) return isMarked(at) && isMarked(at - 1) ? `${piece}${MARK}` : piece;
      const start = at;
      at += piece.length;
      const cuts = [start, ...edges.filter((edge) => edge > start && edge < at), at];
      return cuts
        .slice(0, -1)
        .map((from, number) => {
          const part = plain.slice(from, cuts[number + 1]);
          return part !== '' && isMarked(from) ? `${MARK}${part}${UNMARK}` : part;
        })
        .join('');
    })
    .join('');
}

/** Where the words begin behind a time. */
const TEXT_MARGIN = 9;

/** Lines of a story, as rows of a pane that is so many columns wide: what is scrolled through. */
export function textRows(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => wrapWords(clean(line, false), columns, TEXT_MARGIN));
}
