/** Talking to the daemon, and starting it when there is none. */
import { existsSync, lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { standBy } from '../boot/standby.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Reply, Request } from '../contract/protocol.ts';
import { PROTOCOL } from '../contract/version.ts';
import { errorCode } from '../platform/files.ts';
import { ownerName } from '../platform/ownership.ts';
import { socketPath, workspacePaths } from '../platform/paths.ts';
import { isAlive, systemProcesses } from '../platform/proc.ts';
import { isStopped } from '../platform/stopped.ts';
import { signalProcess } from '../process/signals.ts';
import { type Daemon, findDaemon } from '../status/find-daemon.ts';
import { notStarted, startGuard } from './guard.ts';

type WithoutProtocol<T> = T extends Request ? Omit<T, 'protocol'> : never;
export type Asked = WithoutProtocol<Request>;
export type Done = Extract<Reply, { type: 'done' }>;

/** ms without a word, after which it is looked at whether the daemon can speak at all. */
const SILENT_MS = 5_000;
/** How long another terminal's daemon may take to come up, in ms. */
const START_TIMEOUT = 10_000;

/**
 * Sends a request; `onReply` gets everything before the last reply, which is returned. Throws UserError, or the
 * signal's reason.
 */
export function ask(
  socketPath: string,
  request: Asked,
  onReply: (reply: Reply) => void = () => {},
  signal?: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const abort = () => {
      reject(signal?.reason);
      socket.destroy();
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    socket.once('close', () => signal?.removeEventListener('abort', abort));
    let rest = '';
    let last: Reply | null = null;
    const silence = setTimeout(() => {
      if (!isFrozen(socketPath)) return silence.refresh();
      reject(frozen(socketPath));
      socket.destroy();
    }, SILENT_MS);
    socket.once('close', () => clearTimeout(silence));
    socket.once('data', () => clearTimeout(silence));
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(`${JSON.stringify({ protocol: PROTOCOL, ...request })}\n`));
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (last !== null) onReply(last);
        last = JSON.parse(line) as Reply;
        if (last.type === 'progress') {
          onReply(last);
          last = null;
        }
      }
    });
    socket.once('error', (error) => reject(isEnding(error) ? lost() : error));
    socket.once('close', () => {
      if (last === null) return reject(lost());
      if (last.type === 'error') return reject(refused(last));
      resolve(last);
    });
  });
}

/** How often a request is sent to another daemon when the first ended before it answered. */
const TRIES = 3;

/** A daemon may end, or be killed, between being found and being asked: then the next one is asked. */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await act();
    } catch (error) {
      if (left === 0 || !(error instanceof UserError) || !LOST.has(error)) throw error;
    }
  }
}

/** What is known of the daemon. One whose files were removed (`git clean -fdx`) is found by its socket, and writes them anew. */
export async function knownDaemon(root: string): Promise<Daemon> {
  const found = findDaemon(root, systemProcesses());
  if (found.kind !== 'none') return found;
  const path = socketPath(root);
  if (!existsSync(path) || foreignSocket(root, path) !== null) return found;
  await remind(path);
  return findDaemon(root, systemProcesses());
}

/** A greeting has the daemon look whether its files are there. */
export async function remind(socket: string): Promise<void> {
  await ask(socket, { method: 'hello' }).catch(() => undefined);
}

interface Brought {
  socket: string;
  started: boolean;
}

/** Connects to the daemon of a workspace, starting one when there is none. Returns its socket. */
export async function ensureDaemon(root: string): Promise<Brought> {
  return (await bringUp(root, () => true)) as Brought;
}

/** The socket of the daemon, which is brought back if it was killed. Null: it has ended on purpose, or there never was one. */
export async function existingDaemon(root: string): Promise<string | null> {
  if ((await knownDaemon(root)).kind === 'none') return null;
  // It may be just ending with its last service, and another one would have nothing to do.
  const daemon = await bringUp(root, () => findDaemon(root, systemProcesses()).kind !== 'none');
  return daemon?.socket ?? null;
}

async function bringUp(root: string, isNeeded: () => boolean): Promise<Brought | null> {
  await replaceOther(root);
  await knownDaemon(root);
  const running = await reach(root);
  if (running !== null) return { socket: running, started: false };
  if (!isNeeded()) return null;
  let outcome = await startGuard(root);
  const deadline = Date.now() + START_TIMEOUT;
  // Another terminal, or the guard, may be just bringing it up.
  for (let wait = 5; ; wait = Math.min(wait * 2, 100)) {
    const socket = await reach(root);
    if (socket !== null) {
      if (outcome === 'ready') standBy(root);
      return { socket, started: outcome === 'ready' };
    }
    if (Date.now() > deadline) throw notStarted(root, 'it did not come up within 10 s');
    await pause(wait);
    // Whoever held the lock may have been just ending.
    if (outcome !== 'other') continue;
    if (!isNeeded()) return null;
    outcome = await startGuard(root);
  }
}

/**
 * A daemon of another version makes way for this one: killed with its guard, since starting is recovering.
 * Its services run on and are adopted.
 */
async function replaceOther(root: string): Promise<void> {
  const processes = systemProcesses();
  const daemon = findDaemon(root, processes);
  if (daemon.kind !== 'running' || daemon.record.version === __UPKEEP_VERSION__) return;
  const { process: id, version } = daemon.record;
  const guard = processes.get(processes.get(id.pid)?.ppid ?? 0);
  if (guard !== null && processes.commandLine(guard.pid)?.includes('guard.sh'))
    signalProcess(processes, guard, 'SIGKILL');
  signalProcess(processes, id, 'SIGKILL');
  while (isAlive(processes, id)) await pause(5);
  process.stderr.write(
    `The daemon was Upkeep ${version}; ${__UPKEEP_VERSION__} takes its place. Services run on.\n`,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Who listens where, as far as it was looked up. */
const listeners = new Map<string, number>();

/** The daemon there has been stopped by a signal: the kernel takes connections for it all the same. */
function isFrozen(socket: string): boolean {
  const pid = listeners.get(socket);
  return pid !== undefined && isStopped(pid);
}

function frozen(socket: string): UserError {
  const pid = listeners.get(socket);
  return new UserError(
    ExitCode.daemon,
    `The daemon (pid ${pid}) does not answer: it has been stopped by a signal.`,
    `"kill -CONT ${pid}" lets it go on. Its services run.`,
  );
}

/** The socket of a running daemon, or null. */
export async function reach(root: string): Promise<string | null> {
  const daemon = findDaemon(root, systemProcesses());
  if (daemon.kind !== 'running') return null;
  const { socket } = daemon.record;
  listeners.set(socket, daemon.record.process.pid);
  const why = foreignSocket(root, socket);
  if (why !== null)
    throw new UserError(
      ExitCode.daemon,
      `The daemon's socket ${socket} is not to be trusted: ${why}.`,
      'What you say to it could be read by that user. Remove it, or name another folder in UPKEEP_RUNTIME_DIR.',
    );
  return new Promise((resolve, reject) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(socket);
    });
    probe.once('error', (error) => {
      // It is just ending or coming up, or its socket was removed: it then makes it anew.
      if (errorCode(error) === 'ENOENT') signalProcess(systemProcesses(), daemon.record.process, 'SIGHUP');
      if (isEnding(error)) return resolve(null);
      reject(unreachable(socket, error));
    });
  });
}

/**
 * Why nobody should speak to whoever listens there, in words; null when it is ours. Root may speak to the daemon of whom
 * the workspace's records belong to.
 */
function foreignSocket(root: string, socket: string): string | null {
  const owner = lstatSync(dirname(socket), { throwIfNoEntry: false })?.uid;
  const trusted = [process.getuid?.()];
  if (trusted[0] === 0) trusted.push(lstatSync(workspacePaths(root).own, { throwIfNoEntry: false })?.uid);
  if (owner === undefined || trusted.includes(owner)) return null;
  return `its folder belongs to ${ownerName(owner)}`;
}

function unreachable(socket: string, error: Error): UserError {
  return new UserError(
    ExitCode.daemon,
    `The daemon runs, but its socket ${socket} cannot be used: ${error.message}`,
    'Was it started by another user? Then let that user stop it.',
  );
}

/** What a client meets whose daemon is just ending, or was killed. */
function isEnding(error: Error): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '');
}

function refused(reply: Extract<Reply, { type: 'error' }>): UserError | Error {
  const [message = '', ...hint] = reply.message.split('\n');
  if (reply.code === 'internal') return new Error(`the daemon failed: ${reply.message}`);
  return new UserError(
    ['protocol', 'busy'].includes(reply.code) ? ExitCode.daemon : ExitCode.usage,
    message,
    hint.join(' ') || null,
  );
}

const LOST = new WeakSet<UserError>();

function lost(): UserError {
  const error = new UserError(
    ExitCode.daemon,
    'The daemon ended before it answered.',
    'Its services go on. Run the command again.',
  );
  LOST.add(error);
  return error;
}
