/** `node print-config.cjs WORKSPACE`: the resolved configuration as JSON, for the daemon. Exit 3 with the reason when it is broken. */
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { loadConfig } from './index.ts';

loadConfig(process.argv[2] ?? process.cwd()).then(
  (config) => process.stdout.write(JSON.stringify(config)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UserError ? ExitCode.config : ExitCode.internal;
  },
);
