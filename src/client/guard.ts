/** Starting the guard, which starts the daemon and brings it back when it dies. */
import { closeSync, openSync } from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { claimOwnFolder, errorMessage, readText } from '../platform/files.ts';
import { childProcess } from '../platform/lazy-builtin.ts';
import { workspacePaths } from '../platform/paths.ts';
import { distFile } from './dist.ts';

/** Resolves when the daemon said that it listens, or when another guard holds the lock. */
export function startGuard(root: string): Promise<'ready' | 'other'> {
  const paths = workspacePaths(root);
  makeOwnFolder(root);
  const log = openLog(paths.daemonLog);
  const argv = [distFile('guard.sh'), paths.lock, process.execPath, distFile('daemon.cjs'), root];
  const guard = childProcess().spawn('sh', argv, {
    detached: true,
    stdio: ['ignore', log, log, 'ignore', 'pipe'],
    cwd: root,
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    let said = '';
    const pipe = guard.stdio[4] as import('node:net').Socket;
    const settle = (code: number | null) => {
      guard.unref();
      pipe.destroy();
      if (said.startsWith('ready')) resolve('ready');
      else if (code === 75) resolve('other');
      else reject(notStarted(root, said.replace(/^failed /, '').trim()));
    };
    pipe.setEncoding('utf8');
    pipe.on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) settle(null);
    });
    pipe.on('error', () => undefined);
    guard.once('error', (error) => reject(notStarted(root, error.message)));
    guard.once('exit', (code) => settle(code));
  });
}

function makeOwnFolder(root: string): void {
  try {
    claimOwnFolder(workspacePaths(root).own);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      ExitCode.daemon,
      `The folder ${workspacePaths(root).own} cannot be made: ${errorMessage(error)}`,
      'Upkeep keeps its records there: make the workspace writable, or free some disk space.',
    );
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw new UserError(
      ExitCode.daemon,
      `The daemon's log cannot be opened: ${errorMessage(error)}`,
      'Do its folder and it belong to you?',
    );
  }
}

export function notStarted(root: string, why: string): UserError {
  const { daemonLog } = workspacePaths(root);
  const reason = why.replace(/\.$/, '');
  const last = readText(daemonLog)?.trim().split('\n').slice(-3).join('\n') ?? '';
  return new UserError(
    ExitCode.daemon,
    `The daemon could not be started${reason === '' ? '' : `: ${reason}`}.\n${last}`.trimEnd(),
    `What it said is in ${daemonLog}.`,
  );
}
