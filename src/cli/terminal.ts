/** The terminal, if there is one. */
import { isTerminal } from './output.ts';

/** Columns of the terminal on standard output; of watch(1), which tells them by COLUMNS; else null. */
export function terminalWidth(): number | null {
  if (isTerminal()) return process.stdout.columns;
  const told = Number(process.env['COLUMNS']);
  return Number.isInteger(told) && told > 20 ? told : null;
}
