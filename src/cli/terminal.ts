/** The terminal, if there is one. */

/** Columns of the terminal on standard output; of watch(1), which tells them by COLUMNS; else null. */
export function terminalWidth(): number | null {
  if (process.stdout.isTTY) return process.stdout.columns;
  const told = Number(process.env['COLUMNS']);
  return Number.isInteger(told) && told > 20 ? told : null;
}
