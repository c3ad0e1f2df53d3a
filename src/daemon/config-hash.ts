/** Tells whether a run was started with another configuration than the service has now. */
import { createHash } from 'node:crypto';
import type { ResolvedService } from '../contract/config.ts';

/** A configuration is never changed, only replaced. */
const hashes = new WeakMap<ResolvedService, string>();

/** Of what only a new process can take over; all else applies at once. */
export function configHash(spec: ResolvedService): string {
  const known = hashes.get(spec);
  if (known !== undefined) return known;
  const { command, cwd, env, envFiles, ports } = spec;
  const hash = createHash('sha256')
    .update(JSON.stringify([command, cwd, env, envFiles, ports]))
    .digest('hex')
    .slice(0, 16);
  hashes.set(spec, hash);
  return hash;
}
