/** Where things are in a workspace, and where its socket is outside of it. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { crypto } from './lazy-builtin.ts';
import { runtimeFolder } from './runtime-folder.ts';

export interface WorkspacePaths {
  root: string;
  /** Our own records: 0700, ignored by git. */
  own: string;
  runs: string;
  shims: string;
  logIndex: string;
  journal: string;
  /** Who the daemon is. Present while one runs or has died without saying so. */
  daemon: string;
  /** The kernel lock that makes the daemon single (held by its guard, see flock(1)). */
  lock: string;
  /** What the daemon knows, written at each change: what `status` reads and the next daemon starts from. */
  snapshot: string;
  /** What the daemon itself has to say: warnings and its own crashes. */
  daemonLog: string;
  /** CPU and memory over the day, as far as somebody looked. */
  usageHistory: string;
  /** The resolved configuration that the daemon runs by. */
  config: string;
  /** The specification's list of wanted services. */
  state: string;
}

export function workspacePaths(root: string): WorkspacePaths {
  const own = join(root, '.upkeep');
  return {
    root,
    own,
    runs: join(own, 'runs'),
    shims: join(own, 'shims'),
    logIndex: join(own, 'logs'),
    journal: join(own, 'journal.jsonl'),
    daemon: join(own, 'daemon.json'),
    lock: join(own, 'lock'),
    snapshot: join(own, 'snapshot.json'),
    daemonLog: join(own, 'daemon.log'),
    usageHistory: join(own, 'usage.jsonl'),
    config: join(own, 'config.json'),
    state: join(root, '.server-daemon-state.json'),
  };
}

export function socketPath(root: string): string {
  return socketOf(workspaceId(root));
}

/** `id`: of a workspace, see workspaceId. */
export function socketOf(id: string): string {
  return join(runtimeFolder(), `${id}.sock`);
}

/** The mark of a workspace: 16 hex digits of its real path's hash. In the environment of everything it runs. */
export function workspaceId(root: string): string {
  return crypto().createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 16);
}
