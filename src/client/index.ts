/** The client: what the commands do, as functions. */
import type { Outcome, Progress, Reply } from '../contract/protocol.ts';
import type { StatusReport } from '../contract/status.ts';
import { type Asked, ask, type Done, existingDaemon, insist } from './connection.ts';
import { currentReport } from './current-report.ts';
import { daemonWithConfig } from './with-config.ts';
import { findRoot } from './workspace.ts';

export interface CommandOptions {
  /** False: return as soon as the daemon knows what is wanted, with no outcomes. Default: true. */
  wait?: boolean;
  /** Told of every change on the way. */
  onProgress?: (progress: Progress) => void;
}

export interface RestartOptions extends CommandOptions {
  /** True: stop each before it is started again, also where the new run could take over. Default: false. */
  hard?: boolean;
}

export interface WaitOptions {
  /** Absolute real paths: only the services that these files concern, and a run that fails is not waited for to be tried again. */
  files?: string[];
  onProgress?: (progress: Progress) => void;
  /** Aborted: rejects with its reason. */
  signal?: AbortSignal;
}

export interface Client {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** What is true now. Brings a daemon back that was killed; starts none otherwise. */
  status(): Promise<StatusReport>;
  /**
   * Starts services by names, globs or groups; all when none is given. Resolves when each is ready or has
   * failed: see `ok` and `message` of its outcome. Starts the daemon when there is none, and applies the configuration.
   */
  start(names?: string[], options?: CommandOptions): Promise<Outcome[]>;
  restart(names?: string[], options?: RestartOptions): Promise<Outcome[]>;
  /** Resolves when every process is gone. The daemon ends when nothing is left to run. */
  stop(names?: string[], options?: CommandOptions): Promise<Outcome[]>;
}

/** As `wait` of the daemon's protocol. Null: no daemon runs, and none is started for this. */
export async function followWait(
  workspace: string,
  names: string[],
  { files = [], onProgress, signal }: WaitOptions,
): Promise<Outcome[] | null> {
  return insist(async () => {
    const socket = await existingDaemon(workspace);
    if (socket === null) return null;
    return follow(socket, { method: 'wait', names, files }, onProgress, signal);
  });
}

/** See src/index.ts. `by`: who asks, as causes tell it. */
export function createClient(folder: string = process.cwd(), by = 'api'): Client {
  const workspace = findRoot(folder);
  const start = async (
    method: 'start' | 'restart',
    names: string[],
    { wait = true, onProgress, hard }: RestartOptions,
  ) => {
    const how = method === 'restart' && hard === true ? { hard } : {};
    return insist(async () => {
      const { socket, config } = await daemonWithConfig(workspace, names);
      return follow(socket, { method, by, names, config, wait, ...how }, onProgress);
    });
  };
  return {
    workspace,
    status: () => currentReport(workspace),
    start: (names = [], options = {}) => start('start', names, options),
    restart: (names = [], options = {}) => start('restart', names, options),
    async stop(names = [], { wait = true, onProgress } = {}) {
      return insist(async () => {
        const socket = await existingDaemon(workspace);
        if (socket === null) return [];
        return follow(socket, { method: 'stop', by, names, wait }, onProgress);
      });
    },
  };
}

async function follow(
  socket: string,
  request: Asked,
  onProgress: CommandOptions['onProgress'],
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const tell = (reply: Reply) => {
    if (reply.type === 'progress') onProgress?.(reply.progress);
  };
  const last = await ask(socket, request, tell, signal);
  return (last as Done).outcomes;
}
