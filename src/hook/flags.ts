/** The flags that this process runs with, in one line, as they were written. */
export function flags(): string {
  return `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`;
}
