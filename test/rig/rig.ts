/**
 * The process rig: a workspace of its own, fake servers that the test drives, the real CLI, and the certainty
 * that nothing is left when the test is over. Everything waits on conditions; nothing sleeps.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFailed, onTestFinished } from 'vitest';
import type { Config, Service } from '../../src/config/types.ts';
import { type ServiceStatus, StatusReport } from '../../src/contract/status.ts';
import { begin, type CommandResult, type RunningCommand } from './command.ts';
import { diagnose } from './diagnosis.ts';
import { bounded, type EventuallyOptions, eventually } from './eventually.ts';
import { type FakeCommand, type Invocation, Switchboard } from './invocation.ts';
import { claimPort, type PortClaim } from './ports.ts';
import { describe, findMarked, type ProcessInfo } from './processes.ts';
import { removeUnderWriters } from './remove.ts';
import { statusByFiles } from './status-by-files.ts';
import { stopBySocket } from './stop.ts';
import { killMarked, RIG_PREFIX, RIG_SOCKET } from './sweep.ts';
import { Terminal } from './terminal.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FAKE_SERVER = join(ROOT, 'test/rig/fake-server.mjs');

/** The binary that runs CLI, daemon and servers. */
export const NODE = process.env.UPKEEP_TEST_NODE ?? process.execPath;
/** The bundle under test. */
export const CLI = process.env.UPKEEP_TEST_CLI ?? join(ROOT, 'dist/upkeep.cjs');

/**
 * Where the workspace lies: `deep` is over 108 bytes, `odd` has spaces, quotes and unicode in it. Or in a folder of
 * its own in `under`, whose packages it then finds.
 */
export type Place = 'plain' | 'deep' | 'odd' | { readonly under: string };

const PLACES = {
  plain: 'work',
  deep: join('deep', ...Array.from({ length: 8 }, (_, n) => `folder-number-${n}-of-a-deep-tree`), 'work'),
  odd: "mein Projekt – 日本語 (1) it's $HOME",
};

/**
 * A service of the configuration. Without `command` it is a fake server: it obeys `does` at its start, and if
 * that is not given either, listens on `port` when there is one. Everything else goes into the file as it is.
 */
export type RigService = Service & { does?: readonly FakeCommand[] };

interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** ms; 60,000 unless given. */
  readonly timeout?: number;
}

export class Rig {
  /** Every fake server so far. */
  readonly switchboard = new Switchboard();
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Where the daemon's control socket may lie; short, and this rig's alone. */
  readonly runtimeDir: string;
  readonly socket: string;
  readonly env: NodeJS.ProcessEnv;
  private readonly base: string;
  private readonly ports: PortClaim[] = [];
  private readonly terminals: Terminal[] = [];
  private readonly commands: RunningCommand[] = [];
  private disposed = false;

  constructor(place: Place) {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), RIG_PREFIX)));
    this.workspace =
      typeof place === 'string'
        ? join(this.base, PLACES[place])
        : realpathSync(mkdtempSync(join(place.under, RIG_PREFIX)));
    this.runtimeDir = join(this.base, 'run');
    this.socket = join(this.base, RIG_SOCKET);
    mkdirSync(this.workspace, { recursive: true });
    mkdirSync(this.runtimeDir, { mode: 0o700 });
    mkdirSync(join(this.base, 'home'));
    this.env = {
      PATH: `${dirname(NODE)}:${process.env.PATH}`,
      HOME: join(this.base, 'home'),
      LANG: 'C.UTF-8',
      UPKEEP_RUNTIME_DIR: this.runtimeDir,
      UPKEEP_RIG_SOCKET: this.socket,
    };
  }

  /** A TCP port that is this rig's until `dispose`. */
  async port(): Promise<number> {
    const claim = await claimPort();
    this.ports.push(claim);
    return claim.port;
  }

  path(...parts: string[]): string {
    return join(this.workspace, ...parts);
  }

  /** Text of a file in the workspace. */
  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Writes `upkeep.config.json`, and an entry file in `servers/` for each fake server. */
  configure(services: Record<string, RigService>, rest: Omit<Config, 'services'> = {}): void {
    const entries = Object.entries(services).map(([name, service]) => [name, this.declare(name, service)]);
    this.write(
      'upkeep.config.json',
      JSON.stringify({ services: Object.fromEntries(entries), ...rest }, null, 2),
    );
  }

  /** The file that a fake service runs, workspace-relative: what an edit edits. */
  entry(name: string): string {
    return `servers/${encodeURIComponent(name)}.mjs`;
  }

  /** The command line of a fake server, to be run in the workspace. */
  fake(name: string, does: readonly FakeCommand[] = []): string[] {
    const imported = JSON.stringify(pathToFileURL(FAKE_SERVER).href);
    this.write(this.entry(name), `// ${name}\nimport ${imported};\n`);
    return ['node', this.entry(name), name, ...does.map((command) => JSON.stringify(command))];
  }

  /** A fake server that is the test's own child, with no daemon about. */
  async spawn(name: string, does: readonly FakeCommand[] = []): Promise<Invocation> {
    this.beginFake(name, does);
    return await this.nextInvocation(name);
  }

  /** The same, by its exit and output. */
  beginFake(name: string, does: readonly FakeCommand[] = []): RunningCommand {
    return this.begin(this.fake(name, does), { timeout: 120_000 });
  }

  /** The next fake server of this name that the test has not been given yet. */
  async nextInvocation(name: string, options: EventuallyOptions = {}): Promise<Invocation> {
    const { arrived, undo } = this.switchboard.next(name);
    try {
      return await bounded(arrived, `a run of ${name}`, this.diagnosing(options));
    } finally {
      undo();
    }
  }

  /** How many processes of this name have announced themselves so far. */
  invocations(name: string): Invocation[] {
    return this.switchboard.all.filter((one) => one.hello.name === name);
  }

  eventually<T>(
    predicate: () => T | Promise<T>,
    what: string,
    options: EventuallyOptions = {},
  ): Promise<NonNullable<T>> {
    return eventually(predicate, what, this.diagnosing(options));
  }

  /** Runs `upkeep …` to its end. */
  cli(...args: string[]): Promise<CommandResult> {
    return this.beginCli(args).done;
  }

  beginCli(args: readonly string[], options: CliOptions = {}): RunningCommand {
    return this.begin([NODE, CLI, ...args], options);
  }

  /** The shell words of `upkeep …`, for use in a terminal. */
  cliWords(...args: string[]): string {
    return [NODE, CLI, ...args].map(quote).join(' ');
  }

  /** Runs `upkeep …` and fails unless it exits with 0. */
  async ok(...args: string[]): Promise<CommandResult> {
    const result = await this.cli(...args);
    if (result.code === 0) return result;
    throw new Error(
      `upkeep ${args.join(' ')}: exit ${result.code ?? result.signal}\n` +
        `${result.stdout}\n${result.stderr}\n${await this.diagnosis()}`,
    );
  }

  /**
   * What `upkeep status --json` says, checked against its schema: mostly read as the command reads it, but without a
   * process, since it is asked again and again until something has come about.
   */
  async status(): Promise<StatusReport> {
    return statusByFiles(this.workspace) ?? StatusReport.parse((await this.ok('status', '--json')).json());
  }

  /** The status of one service. */
  async service(name: string): Promise<ServiceStatus> {
    const found = (await this.status()).services.find((one) => one.name === name);
    if (!found) throw new Error(`status does not know ${name}`);
    return found;
  }

  /** A terminal in the workspace; closed by `dispose` if not before. */
  terminal(): Terminal {
    const terminal = new Terminal(this.workspace, this.env);
    this.terminals.push(terminal);
    return terminal;
  }

  /** Living processes that carry this rig's mark, the test's own commands and terminals among them. */
  processes(): ProcessInfo[] {
    return findMarked(this.mark, this.base);
  }

  private get mark(): string {
    return `UPKEEP_RIG_SOCKET=${this.socket}`;
  }

  /** All that is known about this rig, as text. */
  diagnosis(): Promise<string> {
    const status = () => this.beginCli(['status', '--json'], { timeout: 5_000 }).done;
    return diagnose(this.workspace, this.processes(), status);
  }

  /**
   * Ends everything that belongs to this rig: what the test started itself, then the rest by the daemon, or `upkeep stop`.
   * @param patience ms that ended processes get to disappear.
   * @throws Error when `upkeep stop` left processes behind (they are then killed).
   */
  async dispose(patience = 5_000): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    for (const terminal of this.terminals) await terminal.close();
    for (const { child } of this.commands) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    await Promise.allSettled(this.commands.map(({ done }) => done));
    const complaint = await this.stopRest(patience);
    for (const claim of this.ports) await claim.release();
    await this.switchboard.close();
    for (const folder of [this.workspace, this.base]) {
      removeUnderWriters(folder);
    }
    if (complaint !== null) throw new Error(complaint);
  }

  private async stopRest(patience: number): Promise<string | null> {
    if (this.processes().length === 0) return null;
    const isStopped = await stopBySocket(this.workspace, patience);
    if (isStopped && (await this.waitUntilGone(patience)).length === 0) return null;
    const stop = await this.beginCli(['stop'], { timeout: 30_000 }).done;
    const left = await this.waitUntilGone(patience);
    if (left.length === 0) return null;
    const diagnosis = await this.diagnosis();
    await killMarked(this.mark, this.base);
    return (
      `left behind after upkeep stop (exit ${stop.code ?? stop.signal}):\n${left.map(describe).join('\n')}\n` +
      `${stop.stdout}\n${stop.stderr}\n${diagnosis}`
    );
  }

  private async waitUntilGone(within: number): Promise<ProcessInfo[]> {
    await eventually(() => this.processes().length === 0, 'nothing is left', { within }).catch(() => {});
    return this.processes();
  }

  private begin(argv: readonly string[], { cwd, env, timeout = 60_000 }: CliOptions): RunningCommand {
    const command = begin(argv, {
      cwd: cwd ?? this.workspace,
      env: { ...this.env, ...env },
      timeout,
    });
    this.commands.push(command);
    return command;
  }

  private declare(name: string, { does, ...config }: RigService): Service {
    if (config.command !== undefined) return config;
    const usual: FakeCommand[] = config.port === undefined ? [] : [{ do: 'listen', port: config.port }];
    return { command: this.fake(name, does ?? usual), ...config };
  }

  private diagnosing(options: EventuallyOptions): EventuallyOptions {
    return { diagnose: () => this.diagnosis(), ...options };
  }
}

/** A rig that the caller disposes. */
export async function createRig(place: Place = 'plain'): Promise<Rig> {
  const rig = new Rig(place);
  await rig.switchboard.listen(rig.socket);
  return rig;
}

/** A rig for the running test: disposed after it, and diagnosed if it fails. */
export async function testRig(place: Place = 'plain'): Promise<Rig> {
  const rig = await createRig(place);
  let diagnosis = '';
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') diagnosis = await rig.diagnosis();
    await rig.dispose();
  });
  onTestFailed(() => console.error(diagnosis));
  return rig;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
