/** A request that outlives the daemon it was sent to: the next one is asked again. */

import { type Asked, ask, type Done, ensureDaemon } from '../../client/connection.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { Progress } from '../../contract/protocol.ts';
import { errorCode } from '../../platform/files.ts';

/** Asked again once: start and stop say what is wanted, so saying it twice does no harm. */
export async function send(
  root: string,
  request: Asked,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Done> {
  try {
    return await sendOnce(root, request, onProgress);
  } catch (error) {
    if (!isLost(error)) throw error;
    return sendOnce(root, request, onProgress);
  }
}

async function sendOnce(
  root: string,
  request: Asked,
  onProgress: (progress: Progress) => void,
): Promise<Done> {
  const { socket } = await ensureDaemon(root);
  const last = await ask(socket, request, (reply) => {
    if (reply.type === 'progress') onProgress(reply.progress);
  });
  return last as Done;
}

function isLost(error: unknown): boolean {
  return error instanceof UserError ? error.exitCode === ExitCode.daemon : errorCode(error) !== null;
}
