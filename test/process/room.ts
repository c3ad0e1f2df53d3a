/** A folder with one service's shim and runs in it, real processes below. Everything in it is ended when the test is. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Exit } from '../../src/contract/facts.ts';
import type { ProcessId } from '../../src/contract/process-id.ts';
import { formatSockets } from '../../src/contract/sockets.ts';
import { isAlive, type Processes, systemProcesses } from '../../src/platform/proc.ts';
import { type HeldRecord, type HoldWish, listenFdsLines } from '../../src/process/held-record.ts';
import { launchScript } from '../../src/process/launch-script.ts';
import { type RunFolder, type RunRecord, runFolder } from '../../src/process/run-folder.ts';
import { Runs } from '../../src/process/runs.ts';
import { Shim } from '../../src/process/shim.ts';
import { machineTools, type Tools } from '../../src/process/tools.ts';
import { eventually } from '../rig/eventually.ts';
import { killMarked } from '../rig/sweep.ts';

export interface RoomOptions {
  subreaper?: string[];
  tools?: Tools;
  processes?: Processes;
  env?: NodeJS.ProcessEnv;
  /** Where run folders are; inside the room unless given. */
  runs?: string;
}

export interface Room {
  root: string;
  runs: Runs;
  processes: Processes;
  /** What the runs told, in order: `started 1`, `exited 1 {"code":0}`, `gone 1`. */
  told: string[];
  exits: Map<number, Exit>;
  folder(run: number): RunFolder;
  output(run: number): string;
  launch(run: number, argv: string[], env?: Record<string, string>): RunRecord;
  /** As `launch`, with what is held as its run finds it. Throws when it finds nothing. */
  launchHeld(run: number, argv: string[], wish: HoldWish, env?: Record<string, string>): Promise<HeldRecord>;
  /** Another daemon's view of the same runs: the one before says nothing more. */
  nextDaemon(seen?: (processes: Processes) => Processes): Room;
  exited(run: number): Promise<Exit>;
  started(run: number): Promise<ProcessId>;
  gone(run: number): Promise<void>;
  printed(run: number, text: string): Promise<string>;
}

const SCRIPT = fileURLToPath(new URL('../../src/process/shim.sh', import.meta.url));
const SERVICE = 'web';

export function enterRoom(options: RoomOptions = {}): Room {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep process ü ')));
  const rooms: Room[] = [];
  onTestFinished(async () => {
    await rooms[rooms.length - 1]?.runs.sweepAll();
    for (const room of rooms) endEverything(room);
    // A wrapper whose run was just killed would write its end into the folder while that is being removed.
    await killMarked(`UPKEEP_WORKSPACE=${markOf(root)}`, root);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  Shim.prepare([join(root, 'shims', SERVICE)]);
  return openRoom(root, options, rooms);
}

export function markOf(root: string): string {
  return root.replaceAll(/\W/g, '');
}

function openRoom(root: string, options: RoomOptions, rooms: Room[]): Room {
  const processes = options.processes ?? systemProcesses();
  const tools = options.tools ?? machineTools();
  const runsFolder = options.runs ?? join(root, 'runs');
  const told: string[] = [];
  const exits = new Map<number, Exit>();
  const mark = { workspace: markOf(root), service: SERVICE };
  const runs = new Runs(
    {
      processes,
      script: SCRIPT,
      subreaper: options.subreaper ?? tools.subreaper,
      env: {
        PATH: process.env['PATH'],
        UPKEEP_WORKSPACE: mark.workspace,
        UPKEEP_SERVICE: SERVICE,
        ...options.env,
      },
      runs: runsFolder,
      shims: join(root, 'shims'),
      mark,
    },
    {
      started: (run) => told.push(`started ${run}`),
      exited: (run, exit) => {
        exits.set(run, exit);
        told.push(`exited ${run} ${JSON.stringify(exit)}`);
      },
      gone: (run) => told.push(`gone ${run}`),
    },
  );
  const folder = (run: number) => runFolder(runsFolder, SERVICE, run);
  const diagnose = async () => `told: ${JSON.stringify(told)}`;
  const room: Room = {
    root,
    runs,
    processes,
    told,
    exits,
    folder,
    output: (run) => readFileSync(folder(run).spool, 'utf8'),
    launch(run, argv, env = {}) {
      const slot = runs.freeSlot();
      if (slot === null) throw new Error('no free slot');
      const record = recordOf(run, slot, processes);
      const launch = { command: { argv }, cwd: root, env: { UPKEEP_RUN: String(run), ...env } };
      runs.launch(record, launchScript(launch, tools));
      return record;
    },
    async launchHeld(run, argv, wish, env = {}) {
      await runs.makeRoom(wish);
      const hold = runs.hold(wish);
      if (!('held' in hold) || hold.held === null) throw new Error(JSON.stringify(hold));
      const { held } = hold;
      const launch = {
        command: { argv },
        cwd: root,
        env: {
          UPKEEP_RUN: String(run),
          ...env,
          ...(wish.way === 'hook' ? { UPKEEP_SOCKETS: formatSockets(held.sockets) } : {}),
        },
        before: wish.way === 'hook' ? [] : listenFdsLines(held),
      };
      runs.launch(recordOf(run, runs.freeSlot() ?? 0, processes), launchScript(launch, tools));
      return held;
    },
    nextDaemon(seen = (all) => all) {
      runs.close();
      return openRoom(root, { ...options, processes: seen(processes) }, rooms);
    },
    exited: (run) => eventually(() => exits.get(run), `exit of run ${run}`, { diagnose }),
    started: (run) => eventually(() => runs.process(run), `start of run ${run}`, { diagnose }),
    async gone(run) {
      await eventually(() => told.includes(`gone ${run}`), `end of run ${run}`, { diagnose });
    },
    async printed(run, text) {
      const diagnose = async () => room.output(run);
      await eventually(() => room.output(run).includes(text), `"${text}" printed`, { diagnose });
      return room.output(run);
    },
  };
  rooms.push(room);
  return room;
}

export function recordOf(run: number, slot: number, processes: Processes = systemProcesses()): RunRecord {
  return {
    service: SERVICE,
    run,
    cause: { kind: 'start', by: 'test' },
    slot,
    startedAt: Date.now(),
    readyAt: null,
    endedAt: null,
    exit: null,
    process: null,
    boot: processes.bootId(),
    config: 'c',
  };
}

/** What must never outlive a test, whatever it found. */
function endEverything(room: Room): void {
  const { runs, processes } = room;
  const shim = runs.shim;
  for (const run of room.told
    .filter((line) => line.startsWith('started'))
    .map((line) => Number(line.slice(8)))) {
    for (const { pid, start } of runs.tree(run)) end({ pid, start }, processes);
  }
  runs.close();
  if (shim !== null) end(shim, processes);
}

export function end(id: ProcessId, processes: Processes, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (isAlive(processes, id)) process.kill(id.pid, signal);
}
