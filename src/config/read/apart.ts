/** Runs what a person wrote: bounded in time, and what it prints goes to stderr, for stdout may be a program's to read. */
import { ExitCode, UserError } from '../../contract/exit-codes.ts';

/** ms that a configuration may take. */
const LONGEST_MS = 15_000;

/** `shown`: the file, as it is named to the person. Throws UserError (config) when it comes to no end. */
export async function runApart<T>(shown: string, run: () => Promise<T>, longest = LONGEST_MS): Promise<T> {
  const { stdout, stderr } = process;
  const own = Object.getOwnPropertyDescriptor(stdout, 'write');
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // It also keeps the process alive, which would otherwise end without a word when nothing is left to wait for.
    timer = setTimeout(() => {
      const text = `${shown}: the configuration has come to no end after ${longest / 1_000} s.`;
      reject(new UserError(ExitCode.config, text, 'Something in it is awaited that never happens.'));
    }, longest);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
    if (own === undefined) delete (stdout as { write?: unknown }).write;
    else Object.defineProperty(stdout, 'write', own);
  }
}
