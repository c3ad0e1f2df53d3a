/** `node print-config.cjs WORKSPACE`: the resolved configuration as JSON, or what is wrong with it (src/platform/printed-config.ts). */
import { writeSync } from 'node:fs';
import type { PrintedConfig } from '../contract/config.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { loadConfig } from './index.ts';

/** And ends: what the configuration has opened may keep the process alive. */
function answer(printed: PrintedConfig, code: number): void {
  const bytes = Buffer.from(JSON.stringify(printed));
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
  process.exit(code);
}

loadConfig(process.argv[2] ?? process.cwd()).then(
  (config) => answer({ config }, 0),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const isTheirs = error instanceof UserError;
    const hint = isTheirs ? error.hint : null;
    answer({ error: { message, hint } }, isTheirs ? ExitCode.config : ExitCode.internal);
  },
);
