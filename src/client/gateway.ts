/** Finding the gateway of a workspace, and starting it when there is none. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { claimOwnFolder, errorMessage } from '../platform/files.ts';
import { type GatewayRecord, gatewayLog, readGateway } from '../platform/gateway-files.ts';
import { workspacePaths } from '../platform/paths.ts';
import { isAlive, systemProcesses } from '../platform/proc.ts';
import { signalProcess } from '../process/signals.ts';
import { distFile } from './dist.ts';

/** ms. */
const START_TIMEOUT = 10_000;

/** The gateway that serves this workspace now; null: none does. */
export function findGateway(root: string): GatewayRecord | null {
  const record = readGateway(root);
  const processes = systemProcesses();
  const lives = record !== null && record.boot === processes.bootId() && isAlive(processes, record.process);
  return lives ? record : null;
}

/** One of another version makes way: its readers go on with this one. Throws UserError. */
export async function ensureGateway(root: string): Promise<GatewayRecord> {
  const found = findGateway(root);
  if (found?.version === __UPKEEP_VERSION__) return found;
  if (found !== null) await endGateway(found);
  const said = await start(root);
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const record = findGateway(root);
    if (record !== null) return record;
    if (said.startsWith('failed') || Date.now() > deadline)
      throw notStarted(root, said.replace(/^failed /, '').trim());
    await pause();
  }
}

/** Resolves when it is gone. */
export async function endGateway({ process: id }: GatewayRecord): Promise<void> {
  const processes = systemProcesses();
  signalProcess(processes, id, 'SIGTERM');
  while (isAlive(processes, id)) await pause();
}

/** It ends, unless somebody has the dashboard open. */
export function dismissGateway(root: string): void {
  const found = findGateway(root);
  if (found !== null) signalProcess(systemProcesses(), found.process, 'SIGHUP');
}

function start(root: string): Promise<string> {
  claimOwnFolder(workspacePaths(root).own);
  const log = openSync(gatewayLog(root), 'a', 0o600);
  const child = spawn(process.execPath, [distFile('gateway.cjs'), root], {
    detached: true,
    cwd: root,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const pipe = child.stdio[3] as import('node:net').Socket;
  return new Promise((resolve, reject) => {
    let said = '';
    pipe.setEncoding('utf8');
    pipe.on('data', (text: string) => {
      said += text;
    });
    pipe.once('close', () => {
      child.unref();
      resolve(said);
    });
    pipe.on('error', () => undefined);
    child.once('error', (error) => reject(notStarted(root, errorMessage(error))));
  });
}

function notStarted(root: string, why: string): UserError {
  return new UserError(
    ExitCode.daemon,
    `The dashboard's server could not be started${why === '' ? '' : `: ${why}`}.`,
    `What it said is in ${gatewayLog(root)}.`,
  );
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
