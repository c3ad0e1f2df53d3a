/**
 * The daemon of one workspace: `node daemon.cjs WORKSPACE [boot]`, started by its guard. Starting is recovering.
 * `boot`: nobody asked for it, the machine came up; it starts what was wanted, and ends at once when that is nothing.
 *
 * This is its entrance only: until somebody listens nobody is answered, and to load all that a daemon is made of takes
 * longer than the rest of its start. The rest is rest.ts.
 */
import { closeSync, existsSync, realpathSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { UserError } from '../contract/exit-codes.ts';
import { mask } from '../contract/mask.ts';
import { PROTOCOL } from '../contract/version.ts';
import { loadMeanwhile } from '../platform/compiled/load.ts';
import { claimOwnFolder, errorMessage, readJson } from '../platform/files.ts';
import { socketOf, workspacePaths } from '../platform/paths.ts';
import { systemProcesses } from '../platform/proc.ts';
import { reach } from '../platform/reach.ts';
import { greetMeanwhile, openEntrance } from './entrance.ts';
import { idOf } from './known-id.ts';
import { claim, OTHER_DAEMON } from './single.ts';
import { giveBackCertificates } from './spared-certificates.ts';

/** Descriptor on which whoever started the guard waits for word that the daemon listens. */
const READY_FD = 4;
/** A guard that reads this does not try again. */
const NOT_TO_BE_HAD = 77;

async function main(root: string, atBoot: boolean): Promise<void> {
  const paths = workspacePaths(root);
  // Brought back by its guard, it may find that its workspace was removed: that is not to be made anew.
  if (!existsSync(root)) throw new Error(`the workspace ${root} was removed`);
  claimOwnFolder(paths.own);
  const processes = systemProcesses();
  const workspace = realpathSync(root);
  const id = idOf(workspace, readJson(paths.daemon));
  const self = processes.get(process.pid);
  const record: DaemonRecord = {
    process: { pid: process.pid, start: self?.start ?? 0 },
    boot: processes.bootId(),
    socket: socketOf(id),
    workspace,
    version: __UPKEEP_VERSION__,
    protocol: PROTOCOL,
    startedAt: new Date().toISOString(),
  };
  if (!(await claim(paths.own, record.socket, record.process, processes))) process.exit(OTHER_DAEMON);
  reach('claimed');
  const entrance = await openEntrance(record, root);
  reach('listening');
  // When an update comes between the two files this fails, and the guard starts the daemon of the new version.
  const rest = join(__dirname, 'daemon-code.cjs');
  const { exports, unkept } = await loadMeanwhile<typeof import('./rest.ts')>(
    rest,
    __UPKEEP_DAEMON_CODE__,
    greetMeanwhile,
  );
  await greetMeanwhile();
  await exports.goOn({ paths, id, record, entrance, atBoot, unkept, tell });
}

/** After a restart by the guard nobody waits, and the descriptor leads nowhere. */
function tell(text: string): void {
  try {
    writeSync(READY_FD, text);
    closeSync(READY_FD);
  } catch {
    // EPIPE: whoever waited is gone.
  }
}

giveBackCertificates(process.env);
// Until the daemon listens; then it is told by this signal that its socket was removed.
process.on('SIGHUP', () => undefined);
process.on('SIGINT', () => undefined);
main(process.argv[2] ?? process.cwd(), process.argv[3] === 'boot').catch((error: unknown) => {
  const isMistake = error instanceof UserError || !(error instanceof Error);
  const text = isMistake ? errorMessage(error) : (error.stack ?? error.message);
  console.error(`${new Date().toISOString()} ${mask(text)}`);
  tell(`failed ${mask(errorMessage(error))}\n`);
  process.exit(error instanceof UserError ? NOT_TO_BE_HAD : 1);
});
