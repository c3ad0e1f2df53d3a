/** `node print-config.cjs WORKSPACE`: the resolved configuration as JSON, for the daemon. Exit 3 with the reason when it is broken. */
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { loadConfig } from './index.ts';

const answer = process.stdout.write.bind(process.stdout);
// What the configuration itself prints (`console.log`) is no part of the answer.
process.stdout.write = process.stderr.write.bind(process.stderr);

loadConfig(process.argv[2] ?? process.cwd()).then(
  (config) => answer(JSON.stringify(config)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UserError ? ExitCode.config : ExitCode.internal;
  },
);
