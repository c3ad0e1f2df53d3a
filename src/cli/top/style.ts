/** How things look, with and without colours and signs beyond ASCII. */
import pc from 'picocolors';
import type { Colors } from 'picocolors/types';

export interface Style {
  colours: Colors;
  colour: boolean;
  signs: typeof UNICODE;
}

const UNICODE = {
  ready: '●',
  failed: '▲',
  moving: '◐',
  down: '✖',
  stopped: '○',
  marked: '*',
  pointer: '>',
  border: '│',
  rule: '─',
  more: '…',
};

const ASCII: typeof UNICODE = {
  ready: '+',
  failed: '!',
  moving: '~',
  down: 'x',
  stopped: '-',
  marked: '*',
  pointer: '>',
  border: '|',
  rule: '-',
  more: '~',
};

/** `colour`: see wantsColour. What the terminal can show is told by the first that is set: LC_ALL, LC_CTYPE, LANG (locale(7)). */
export function styleOf(colour: boolean, env: NodeJS.ProcessEnv): Style {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((each) => each) ?? '';
  const isUtf8 = /utf-?8/i.test(locale) || (locale === '' && process.platform === 'darwin');
  return { colours: pc.createColors(colour), colour, signs: isUtf8 ? UNICODE : ASCII };
}

/** For measuring: as wide as any other. */
export const PLAIN_STYLE: Style = { colours: pc.createColors(false), colour: false, signs: ASCII };

/** Works without colours, too. */
export function reversed(text: string): string {
  return `\u001b[7m${text}\u001b[27m`;
}
