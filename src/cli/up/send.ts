/** A request that outlives the daemon it was sent to: the next one is asked again. */

import { type Asked, ask, type Done, ensureDaemon, existingDaemon } from '../../client/connection.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { Progress } from '../../contract/protocol.ts';
import { errorCode } from '../../platform/files.ts';

const NOTHING_RUNS: Done = { type: 'done', outcomes: [], daemonEnds: false };

export interface Sending {
  onProgress?: (progress: Progress) => void;
  /** Whether it is to be asked again: another request may mean the contrary by now. */
  isMeant?: () => boolean;
}

/** Asked again once: start and stop say what is wanted, so saying it twice does no harm. */
export async function send(
  root: string,
  request: Asked,
  { onProgress = () => {}, isMeant = () => true }: Sending = {},
): Promise<Done> {
  try {
    return await sendOnce(root, request, onProgress);
  } catch (error) {
    if (!isLost(error) || !isMeant()) throw error;
    return sendOnce(root, request, onProgress);
  }
}

async function sendOnce(
  root: string,
  request: Asked,
  onProgress: (progress: Progress) => void,
): Promise<Done> {
  // Where it ended with its last service, what was to be stopped is.
  const isStop = request.method === 'stop';
  const socket = isStop ? await existingDaemon(root) : (await ensureDaemon(root)).socket;
  if (socket === null) return NOTHING_RUNS;
  const last = await ask(socket, request, (reply) => {
    if (reply.type === 'progress') onProgress(reply.progress);
  });
  return last as Done;
}

function isLost(error: unknown): boolean {
  return error instanceof UserError ? error.exitCode === ExitCode.daemon : errorCode(error) !== null;
}
