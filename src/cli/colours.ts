/** Colours where somebody sees them; the library is loaded only then (it asks `process.stdout`, see output.ts). */
import { isTerminal } from './output.ts';

type Paint = (text: string) => string;

export interface Colours {
  green: Paint;
  red: Paint;
  yellow: Paint;
  dim: Paint;
}

const plain: Paint = (text) => text;

/** https://no-color.org and its opposite: NO_COLOR wins over FORCE_COLOR, both over the terminal. */
export async function outputColours(): Promise<Colours> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const wanted = NO_COLOR ? false : FORCE_COLOR ? true : TERM !== 'dumb' && isTerminal();
  if (!wanted) return { green: plain, red: plain, yellow: plain, dim: plain };
  return (await import('picocolors')).default.createColors(true);
}
