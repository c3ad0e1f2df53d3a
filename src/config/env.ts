/** The variables that a service gets besides the daemon's own. Read at each start, by the daemon. */
import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import type { ResolvedService } from '../contract/config.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';

/**
 * `PORT` of the first port, then the env files in order, then `env`: later ones win.
 * Throws UserError (config) for a file that cannot be read.
 */
export function readServiceEnv(
  service: Pick<ResolvedService, 'name' | 'env' | 'envFiles' | 'ports'>,
): Record<string, string> {
  const [port] = service.ports;
  const result: Record<string, string> = port === undefined ? {} : { PORT: String(port) };
  for (const file of service.envFiles) Object.assign(result, parse(readEnvFile(file, service.name)));
  return Object.assign(result, service.env);
}

function readEnvFile(file: string, service: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'does not exist' : `cannot be read: ${(error as Error).message}`;
    throw new UserError(
      ExitCode.config,
      `The env file ${file} of the service "${service}" ${why}.`,
      missing ? 'Create it, or take it out of `envFile`.' : null,
    );
  }
}
