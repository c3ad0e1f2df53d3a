/** The configuration, read by a process of its own (`print-config.cjs`): it may be a program, and Node forgets no module. */
import type { PrintedConfig, ResolvedConfig } from '../contract/config.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { childProcess } from './lazy-builtin.ts';

/** Longer than a configuration may take, which its reader ends itself. */
const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** `printer`: absolute path of `print-config.cjs`. Rejects with UserError (config), as reading it here would. */
export function printedConfig(printer: string, root: string): Promise<ResolvedConfig> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES };
  return new Promise((resolve, reject) => {
    childProcess().execFile(process.execPath, [printer, root], options, (error, stdout) => {
      const printed = parsed(stdout);
      if (printed === null) {
        // `process.exit` in the configuration, or its process was killed.
        const why = error === null || error.code !== undefined ? 'it gave no answer' : error.message;
        return reject(new UserError(ExitCode.config, `The configuration could not be read: ${why}.`));
      }
      if ('config' in printed) return resolve(printed.config);
      const { message, hint } = printed.error;
      reject(new UserError(ExitCode.config, message, hint));
    });
  });
}

function parsed(text: string): PrintedConfig | null {
  try {
    return JSON.parse(text) as PrintedConfig;
  } catch {
    return null;
  }
}
