/**
 * What a terminal shows, as an SVG: a screen without a bottom that understands the control sequences which
 * our own output uses (colours, cursor movements, erasing; ECMA-48), and a drawing of it.
 */

interface Style {
  /** A colour as CSS has it. */
  fill: string;
  bold: boolean;
  /** Shown in the background's colour, on its own. */
  reversed: boolean;
}

export interface Cell extends Style {
  char: string;
}

/** Sparse: nothing was ever written where it has a hole. */
export type Row = (Cell | undefined)[];

interface Word extends Style {
  text: string;
  start: number;
  end: number;
}

const COLOURS = new Map([
  [31, '#ff7b72'],
  [32, '#56d364'],
  [33, '#e3b341'],
  [34, '#79c0ff'],
  [35, '#d2a8ff'],
  [36, '#56d4dd'],
  [90, '#8b949e'],
]);
const PLAIN: Style = { fill: '#d6dde6', bold: false, reversed: false };
const DIM = '#8b949e';
const BACKGROUND = '#0d1117';

/** px. Words are fitted into their cells, whatever font the reader's machine has. */
const CELL = { width: 7.6, height: 17, font: 12.6 };
const MARGIN = { side: 18, top: 44, bottom: 18 };

const ESC = '\u001b';
const PIECE = new RegExp(`${ESC}\\[([?\\d;]*)([A-Za-z])|\\r|\\n|[^${ESC}]`, 'gu');

/** The rows of the screen after `output`. Throws for a control sequence that it does not know. */
export function screenOf(output: string): Row[] {
  const rows: Row[] = [[]];
  const at = { row: 0, column: 0 };
  let style = PLAIN;
  for (const [text, parameters = '', letter] of output.matchAll(PIECE)) {
    if (letter === 'm') style = styled(style, parameters);
    else if (letter !== undefined) move(rows, at, letter, parameters);
    else if (text === '\r') at.column = 0;
    else if (text === '\n') at.row += 1;
    else rowAt(rows, at.row)[at.column++] = { char: text, ...style };
  }
  return rows;
}

function rowAt(rows: Row[], index: number): Row {
  while (rows.length <= index) rows.push([]);
  return rows[index] ?? [];
}

function styled(style: Style, parameters: string): Style {
  let next = style;
  for (const code of (parameters || '0').split(';').map(Number)) {
    if (code === 0) next = PLAIN;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, fill: DIM };
    // One code ends both bold and dim.
    else if (code === 22) next = { ...next, fill: next.fill === DIM ? PLAIN.fill : next.fill, bold: false };
    else if (code === 7 || code === 27) next = { ...next, reversed: code === 7 };
    else if (code === 39) next = { ...next, fill: PLAIN.fill };
    else next = { ...next, fill: COLOURS.get(code) ?? next.fill };
  }
  return next;
}

function move(rows: Row[], at: { row: number; column: number }, letter: string, parameters: string): void {
  // Private modes show and hide the cursor: nothing to draw.
  if (parameters.startsWith('?')) return;
  const row = rowAt(rows, at.row);
  const keep = Math.min(row.length, at.column);
  switch (`${letter}${'JK'.includes(letter) ? Number(parameters) : ''}`) {
    case 'A':
      at.row = Math.max(0, at.row - Number(parameters || 1));
      return;
    case 'B':
      at.row += Number(parameters || 1);
      return;
    case 'G':
      at.column = Number(parameters || 1) - 1;
      return;
    case 'K0':
      row.length = keep;
      return;
    case 'K2':
      row.length = 0;
      return;
    case 'J0':
      rows.length = at.row + 1;
      row.length = keep;
      return;
    default:
      throw new Error(`the control sequence ESC[${parameters}${letter} is not known`);
  }
}

/** `columns`: width of the terminal; `title`: stands above, and is read out by screen readers. */
export function svgOf(rows: Row[], columns: number, title: string): string {
  const last = rows.reduce((found, row, index) => (row.length > 0 ? index : found), 0);
  const width = Math.round(columns * CELL.width + 2 * MARGIN.side);
  const height = Math.round((last + 1) * CELL.height + MARGIN.top + MARGIN.bottom);
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${MARGIN.side + 4 + index * 20}" cy="20" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...dots,
    `<text x="${width / 2}" y="25" text-anchor="middle" font-family="system-ui, sans-serif" font-size="13" fill="${DIM}">${escaped(title)}</text>`,
    `<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}">`,
    ...rows.flatMap((row, index) => wordsOf(row).map((word) => drawn(word, index))),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Pieces of one style without blanks: each is placed by its column, so that no font can shift a table. */
function wordsOf(row: Row): Word[] {
  const words: Word[] = [];
  for (let column = 0; column < row.length; column++) {
    const cell = row[column];
    if (cell === undefined || (cell.char === ' ' && !cell.reversed)) continue;
    const { char, fill, bold, reversed } = cell;
    const last = words[words.length - 1];
    const joins =
      last?.end === column && last.fill === fill && last.bold === bold && last.reversed === reversed;
    if (last !== undefined && joins) {
      last.text += char;
      last.end += 1;
    } else words.push({ text: char, start: column, end: column + 1, fill, bold, reversed });
  }
  return words;
}

function drawn({ text, start, end, fill, bold, reversed }: Word, index: number): string {
  const x = (MARGIN.side + start * CELL.width).toFixed(1);
  const y = MARGIN.top + 12 + index * CELL.height;
  const length = ((end - start) * CELL.width).toFixed(1);
  const weight = bold ? ' font-weight="bold"' : '';
  if (reversed) {
    const top = MARGIN.top + index * CELL.height - 1;
    const behind = `<rect x="${x}" y="${top}" width="${length}" height="${CELL.height}" fill="${fill}"/>`;
    return `${behind}${drawn({ text, start, end, fill: BACKGROUND, bold, reversed: false }, index)}`;
  }
  const spaces = /^ | $| {2}/.test(text) ? ' xml:space="preserve"' : '';
  return `<text${spaces} x="${x}" y="${y}" fill="${fill}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
