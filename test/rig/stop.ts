/** Ends what runs in a workspace, as `upkeep stop` does, without a process for it: there are hundreds of rigs. */
import { type Asked, ask } from '../../src/client/connection.ts';
import { dismissGateway } from '../../src/client/gateway.ts';
import { systemProcesses } from '../../src/platform/proc.ts';
import { findDaemon } from '../../src/status/find-daemon.ts';

/** False: the command has to do it, or was not done with it within `patience` ms. */
export async function stopBySocket(root: string, patience: number): Promise<boolean> {
  try {
    dismissGateway(root);
    const daemon = findDaemon(root, systemProcesses());
    if (daemon.kind !== 'running') return false;
    const request: Asked = { method: 'stop', by: 'rig', names: [], wait: true };
    await ask(daemon.record.socket, request, undefined, AbortSignal.timeout(patience));
    return true;
  } catch {
    return false;
  }
}
