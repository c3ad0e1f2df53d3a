/** A workspace for the fault machine, with all that is around it: ports, homes, commands, and its end. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { begin, type CommandResult, type RunningCommand } from '../../test/rig/command.ts';
import { eventually } from '../../test/rig/eventually.ts';
import { claimPort, type PortClaim } from '../../test/rig/ports.ts';
import { findMarked, isAlive, lookUp, type ProcessInfo, signalExactly } from '../../test/rig/processes.ts';
import { configOf, entryText, type Role } from './cast.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MARK = 'UPKEEP_CHAOS_ROOM';
/** A command that has not ended by then hangs, in ms. */
const COMMAND_MS = 40_000;

export interface RoomOptions {
  readonly roles: readonly Role[];
  /** The Node that runs commands, daemon and services. */
  readonly node: string;
  /** The build under test: a folder like `dist`. */
  readonly dist?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Program and arguments before each command: another user, other limits. */
  readonly before?: readonly string[];
  /** Whose the whole of it is, by number; needs root. */
  readonly owner?: number;
  /** Prepares the folder that the workspace is made in. */
  readonly prepare?: (folder: string) => void;
  /** Called when its processes are gone, before it is removed. */
  readonly beforeEnd?: () => void;
}

/** Those that have not ended. */
const open = new Set<Room>();
let isInterrupted = false;

/** Nothing is begun any more in any room, and all that was is ended. */
export async function endAllRooms(): Promise<void> {
  isInterrupted = true;
  await Promise.all([...open].map((room) => room.end()));
}

export class Room {
  readonly roles: readonly Role[];
  readonly node: string;
  readonly base: string;
  readonly workspace: string;
  /** What the services say of themselves; see actor.cjs. */
  readonly truth: string;
  /** A point of the protocol is armed by a file in it; see src/platform/reach.ts. */
  readonly points: string;
  readonly env: NodeJS.ProcessEnv;
  readonly ports = new Map<string, number>();
  dist: string;
  /** What belongs to it and is not to be found by its mark. */
  readonly atEnd: (() => void)[] = [];
  readonly #claims: PortClaim[] = [];
  readonly #commands = new Set<RunningCommand>();
  readonly #before: readonly string[];
  readonly #beforeEnd: () => void;
  #ended: Promise<void> | null = null;

  private constructor({ roles, node, dist, env, before = [], prepare, beforeEnd }: RoomOptions) {
    this.roles = roles;
    this.node = node;
    this.dist = dist ?? join(ROOT, 'dist');
    this.#before = before;
    this.#beforeEnd = beforeEnd ?? (() => {});
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'upchaos-')));
    open.add(this);
    this.workspace = join(this.base, 'work');
    this.truth = join(this.base, 'truth');
    this.points = join(this.base, 'points');
    for (const name of ['work', 'truth', 'points', 'home', 'tmp']) mkdirSync(join(this.base, name));
    mkdirSync(join(this.base, 'run'), { mode: 0o700 });
    prepare?.(this.base);
    for (const { name } of roles) mkdirSync(join(this.truth, name));
    this.env = {
      PATH: `${dirname(node)}:${process.env.PATH}`,
      HOME: join(this.base, 'home'),
      LANG: 'C.UTF-8',
      UPKEEP_RUNTIME_DIR: join(this.base, 'run'),
      UPKEEP_FAULTS: this.points,
      [MARK]: this.base,
      ...env,
    };
  }

  /** Its services are configured and not started. */
  static async create(options: RoomOptions): Promise<Room> {
    const room = new Room(options);
    for (const { name } of room.roles) {
      const claim = await claimPort();
      room.#claims.push(claim);
      room.ports.set(name, claim.port);
    }
    mkdirSync(room.path('servers'));
    writeFileSync(room.path('upkeep.config.json'), JSON.stringify(configOf(room.roles, room.ports), null, 2));
    for (const role of room.roles) room.save(role, 1);
    if (options.owner !== undefined) execFileSync('chown', ['-R', String(options.owner), room.base]);
    return room;
  }

  path(...parts: string[]): string {
    return join(this.workspace, ...parts);
  }

  /** Edits its entry file. */
  save(role: Role, version: number): void {
    const text = entryText(role, version, this.truth, this.port(role.name));
    writeFileSync(this.path('servers', `${role.name}.cjs`), text);
  }

  port(name: string): number {
    const port = this.ports.get(name);
    if (port === undefined) throw new Error(`no service ${name}`);
    return port;
  }

  begin(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
    if (isInterrupted) throw new Error('interrupted');
    const argv = [...this.#before, this.node, join(this.dist, 'upkeep.cjs'), ...args];
    const command = begin(argv, { cwd: this.workspace, env: { ...this.env, ...env }, timeout: COMMAND_MS });
    this.#commands.add(command);
    void command.done.finally(() => this.#commands.delete(command)).catch(() => undefined);
    return command;
  }

  cli(...args: string[]): Promise<CommandResult> {
    return this.begin(args).done;
  }

  /** What the daemon answers on, whether one lives or not; null before there was any. */
  get socket(): string | null {
    const folder = this.env.UPKEEP_RUNTIME_DIR ?? '';
    const name = readdirSync(folder).find((each) => each.endsWith('.sock'));
    return name === undefined ? null : join(folder, name);
  }

  /** Living processes of this room, those of commands too; not those that cleared their environment and left. */
  processes(): ProcessInfo[] {
    return findMarked(`${MARK}=${this.base}`, join(this.base, 'nowhere'));
  }

  daemons(): ProcessInfo[] {
    return this.processes().filter(
      ({ command }) => /\bdaemon\.cjs /.test(command) && !command.includes('guard.sh'),
    );
  }

  guards(): ProcessInfo[] {
    return this.processes().filter(({ command }) => command.includes('guard.sh'));
  }

  /** Shims and wrappers of a service: shells that run `shim.sh` for it. */
  shims(service: string): { shim: ProcessInfo | null; wrappers: ProcessInfo[] } {
    const folder = this.path('.upkeep', 'shims', service);
    const all = this.processes().filter(
      ({ command }) => / ?\S*shim\.sh /.test(command) && command.includes(`${folder} `),
    );
    // The shim leads a session of its own; its wrappers are in it.
    return {
      shim: all.find(({ pid, session }) => session === pid) ?? null,
      wrappers: all.filter(({ pid, session }) => session !== pid),
    };
  }

  /** Ends everything that was ever started in it, and removes it; once, whoever asks for it. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    open.delete(this);
    for (const { child } of this.#commands) child.kill('SIGKILL');
    for (const act of this.atEnd) act();
    await eventually(() => {
      const left = [...this.processes(), ...this.#told()];
      for (const info of left) signalExactly(info, 'SIGKILL');
      return left.length === 0;
    }, 'the processes of the room are gone');
    for (const claim of this.#claims) await claim.release();
    this.#beforeEnd();
    rmSync(this.base, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Children that only their own record tells of. */
  #told(): ProcessInfo[] {
    const records = readdirSync(this.truth, { recursive: true }) as string[];
    return records.flatMap((file) => {
      if (!file.endsWith('.child')) return [];
      const info = childOf(join(this.truth, file));
      return info === null ? [] : [info];
    });
  }
}

/** The living process that wrote this record (a line of /proc/PID/stat), or null. */
export function childOf(file: string): ProcessInfo | null {
  const stat = readFileSync(file, 'utf8');
  const pid = Number(stat.split(' ')[0]);
  const start = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const info = lookUp(pid);
  return info !== null && info.start === start && isAlive(pid) ? info : null;
}
