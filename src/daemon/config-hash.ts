/** Tells whether a run was started with another configuration than the service has now. */
import { createHash } from 'node:crypto';
import type { ResolvedService } from '../contract/config.ts';

/** Of what only a new process can take over; all else applies at once. */
export function configHash({ command, cwd, env, envFiles, ports }: ResolvedService): string {
  return createHash('sha256')
    .update(JSON.stringify([command, cwd, env, envFiles, ports]))
    .digest('hex')
    .slice(0, 16);
}
