/** Whether standard output is painted. */
import { type Colours, paints } from '../status/colours.ts';
import { isTerminal } from './output.ts';

/** https://no-color.org and its opposite: NO_COLOR wins over FORCE_COLOR, both over the terminal. As door.sh sees it. */
export function wantsColours(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  return NO_COLOR ? false : FORCE_COLOR ? true : TERM !== 'dumb' && isTerminal();
}

export function outputColours(): Promise<Colours> {
  return paints(wantsColours());
}
