/** Escape sequences of terminals, as ECMA-48 and xterm have them. Pure. */

export const ESCAPE = '\u001b';
/** Colours and decorations: `ESC [ … m`. */
const COLOUR = '\\[[\\d;:]*m';

/**
 * What is no colour: strings up to their end, `BEL` or `ESC \` (links, titles of windows), moves of the cursor,
 * character sets, single control characters. A string that is cut off goes to the next sequence, or to the end.
 */
const OTHERS = new RegExp(
  [
    `${ESCAPE}[\\]PX^_][^\\u0007\\n${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)?`,
    `(?:${ESCAPE}\\[(?![\\d;:]*m)|\\u009b)[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[ -/]+[0-~]`,
    `${ESCAPE}(?!${COLOUR})[0-~]?`,
    '[\\u0000-\\u0008\\u000b-\\u001a\\u001c-\\u001f]',
  ].join('|'),
  'g',
);
const COLOURS = new RegExp(`${ESCAPE}${COLOUR}`, 'g');

/** The text with no other sequences than colours. */
export function onlyColours(text: string): string {
  return text.replace(OTHERS, '');
}

/** The text without any. */
export function bare(text: string): string {
  return text.includes(ESCAPE) ? onlyColours(text).replace(COLOURS, '') : text;
}

/** What a terminal leaves of each row: what was written over after a carriage return is out, but for its colours. */
export function lastWritten(text: string): string {
  return text.includes('\r') ? text.split('\n').map(lastOfRow).join('\n') : text;
}

function lastOfRow(row: string): string {
  let end = row.length;
  while (row[end - 1] === '\r') end -= 1;
  const at = row.lastIndexOf('\r', end - 1);
  if (at === -1) return row.slice(0, end);
  return (row.slice(0, at).match(COLOURS) ?? []).join('') + row.slice(at + 1, end);
}

/** All of it, also what was written over: each time in a row of its own. */
export function allWritten(text: string): string {
  return text.replace(/\r(?![\r\n]|$)/g, '\n');
}
