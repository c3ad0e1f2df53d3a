/** What `start`, `stop` and `restart` have in common: follow the command, print how it ends, set the exit code. */

import { constants } from 'node:os';
import { type Asked, ask, type Done } from '../client/connection.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { Outcome, Reply } from '../contract/protocol.ts';
import { progressView } from './progress.ts';

export interface Followed {
  outcomes: Outcome[];
  daemonEnds: boolean;
}

export async function follow(socket: string, request: Asked, json: boolean): Promise<Followed> {
  const view = json ? null : progressView(request.method);
  process.once('SIGINT', () => {
    process.stderr.write('\nIt goes on in the background; "upkeep status" shows how.\n');
    process.exit(128 + constants.signals.SIGINT);
  });
  const last = await ask(socket, request, (reply: Reply) => {
    if (reply.type === 'progress') view?.show(reply.progress);
  });
  const done = last as Done;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ outcomes: done.outcomes, daemonEnds: done.daemonEnds }, null, 2)}\n`,
    );
  else view?.finish(done.outcomes);
  if (done.outcomes.some(({ ok }) => !ok)) process.exitCode = ExitCode.failed;
  return done;
}
