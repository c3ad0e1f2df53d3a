/** `start`, `restart` and `up` take the configuration along: it is read while the daemon comes up. */
import type { ResolvedConfig } from '../contract/config.ts';
import { selectServices } from '../contract/select.ts';
import { ask, ensureDaemon } from './connection.ts';
import { currentConfig } from './dist.ts';

/** The socket of the daemon and the configuration, both good. Throws UserError, and then leaves no daemon that it started. */
export async function daemonWithConfig(
  root: string,
  names: string[],
): Promise<{ socket: string; config: ResolvedConfig }> {
  const daemon = ensureDaemon(root);
  // It may be refused while the configuration is still read; whoever awaits it below is told.
  daemon.catch(() => undefined);
  try {
    const config = await currentConfig(root);
    selectServices(names, config.services);
    return { socket: (await daemon).socket, config };
  } catch (error) {
    const started = await daemon.catch(() => null);
    if (started?.started) await ask(started.socket, { method: 'retire' }).catch(() => undefined);
    throw error;
  }
}
