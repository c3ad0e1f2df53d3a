/**
 * A made-up machine below the daemon: runs that begin, listen and end when the test says so, and outlive any number
 * of daemons. Only their folders are real. The pids are beyond what a kernel gives.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exit } from '../../src/contract/facts.ts';
import type { Clock } from '../../src/daemon/clock.ts';
import type { DaemonWorld, ServiceRuns } from '../../src/daemon/daemon-world.ts';
import { createPortProbe } from '../../src/daemon/port-probe.ts';
import { Unasked } from '../../src/daemon/standby/unasked.ts';
import { workspacePaths } from '../../src/platform/paths.ts';
import type { ProcessInfo } from '../../src/platform/proc.ts';
import { createRunFolder, type RunRecord, runFolder } from '../../src/process/run-folder.ts';
import type { RunEvents } from '../../src/process/runs.ts';

export interface MachineRun {
  service: string;
  run: number;
  /** Null until it has begun. */
  pid: number | null;
  /** The shim was killed before it read that it is to begin this run. */
  lost: boolean;
  exit: Exit | null;
  ending: boolean;
  /** The PORT that it found in its environment. */
  port: number | null;
  listens: number[];
}

export interface Machine {
  world: DaemonWorld;
  /** Those that the shims know of, ended ones until they are swept. */
  runs: MachineRun[];
  /** Answers that a daemon waits for from a shim, oldest first. */
  syncs: (() => void)[];
  /** Questions whether a port answers, so far. */
  questions(): number;
  begin(run: MachineRun): void;
  listen(run: MachineRun, port: number): void;
  end(run: MachineRun, exit: Exit): void;
  /** The daemon is killed: nobody hears of anything until the next one adopts. */
  forgetDaemon(): void;
}

const FIRST_PID = 10_000_000;
const BOOT = 'made-up';
const clock: Clock = { now: () => performance.now(), wall: () => Date.now() };

export function createMachine(root: string): Machine {
  const paths = workspacePaths(root);
  mkdirSync(paths.own, { recursive: true });
  const runs: MachineRun[] = [];
  const syncs: (() => void)[] = [];
  const daemons = new Map<string, RunEvents>();
  let nextPid = FIRST_PID;
  let questions = 0;
  const alive = () => runs.filter((run) => run.pid !== null && run.exit === null);
  const infoOf = (pid: number): ProcessInfo | null =>
    alive().some((run) => run.pid === pid)
      ? { pid, start: pid, ppid: 1, pgid: pid, session: pid, zombie: false, cpu: 0, memory: 0 }
      : null;
  const on = (port: number) => alive().filter((run) => run.listens.includes(port));
  const find = (service: string, run: number) =>
    runs.find((each) => each.service === service && each.run === run);
  const drop = (run: MachineRun) => void runs.splice(runs.indexOf(run), runs.includes(run) ? 1 : 0);
  const gone = (run: MachineRun) => {
    drop(run);
    daemons.get(run.service)?.gone(run.run);
  };
  const fileOf = (run: MachineRun, name: string) =>
    join(runFolder(paths.runs, run.service, run.run).path, name);

  const machine: Omit<Machine, 'world'> = {
    runs,
    syncs,
    questions: () => questions,
    begin(run) {
      if (run.lost || run.pid !== null || run.exit !== null) return;
      const pid = nextPid++;
      run.pid = pid;
      const fields = [pid, '(x)', 'S', 1, pid, pid, ...Array.from({ length: 15 }, () => 0), pid, 0, 0];
      writeFileSync(fileOf(run, 'pid'), `${fields.join(' ')}\n`);
      writeFileSync(fileOf(run, 'taken'), '');
      daemons.get(run.service)?.started(run.run, { pid, start: pid });
    },
    listen(run, port) {
      if (run.pid !== null && run.exit === null) run.listens = [port];
    },
    end(run, exit) {
      if (run.exit !== null || (run.pid === null && !run.lost)) return;
      run.exit = exit;
      if (!run.lost) writeFileSync(fileOf(run, 'exit'), 'code' in exit ? `${exit.code}\n` : '143\n');
      daemons.get(run.service)?.exited(run.run, exit);
      if (run.ending) gone(run);
    },
    forgetDaemon() {
      daemons.clear();
      syncs.length = 0;
      for (const run of runs) run.ending = false;
    },
  };

  const openRuns = (service: string, events: RunEvents): ServiceRuns => {
    daemons.set(service, events);
    const leave = (number: number) => {
      const run = find(service, number);
      if (run === undefined) return events.gone(number);
      run.ending = true;
      if (run.lost) machine.end(run, { unknown: true });
      else if (run.exit !== null) gone(run);
    };
    return {
      shim: null,
      held: null,
      makeRoom: async () => {},
      hold: () => ({ held: null }),
      letGo: () => {},
      release: async () => {},
      released: async () => {},
      process: (run) => {
        const pid = find(service, run)?.pid ?? null;
        return pid === null ? null : { pid, start: pid };
      },
      freeSlot: () => 0,
      standby: {
        process: null,
        place: () => null,
        prepare: async () => false,
        ready: () => null,
        forgetScript: () => {},
        drop: () => null,
        endLeft: () => {},
      },
      launchStandby: () => {
        throw new Error('nothing is on standby');
      },
      launch: (record: RunRecord, script) => {
        createRunFolder(paths.runs, record, script);
        runs.push({
          service,
          run: record.run,
          pid: null,
          lost: false,
          exit: null,
          ending: false,
          port: Number(/ PORT='(\d+)'/.exec(script)?.[1] ?? 0) || null,
          listens: [],
        });
      },
      recordAgain: () => {},
      adoptEnded: () => {},
      adopt: ({ run }) => {
        const exit = runFolder(paths.runs, service, run).readExit();
        const found = find(service, run);
        // As by the end of a pipe: not in the caller's turn.
        if (exit !== null || found === undefined)
          setImmediate(() => events.exited(run, exit?.exit ?? { unknown: true }));
      },
      wasBegun: (number) =>
        new Promise((resolve) => {
          syncs.push(() => {
            const run = find(service, number);
            if (run !== undefined) machine.begin(run);
            resolve(run?.pid != null);
          });
        }),
      abandon: (number) => {
        const run = find(service, number);
        if (run !== undefined) machine.end({ ...run, lost: true }, { unknown: true });
        if (run !== undefined) drop(run);
      },
      terminate: leave,
      kill: (number) => {
        const run = find(service, number);
        leave(number);
        if (run !== undefined && runs.includes(run)) {
          machine.begin(run);
          machine.end(run, { signal: 'SIGKILL' });
        }
      },
      sweep: async (number) => {
        const run = find(service, number);
        if (run?.exit != null) drop(run);
      },
      sweepAll: async () => {
        for (const run of runs.filter((each) => each.service === service && each.exit !== null)) drop(run);
      },
      endStray: async () => {},
      pause: () => {},
      leavesSomething: () => false,
      tree: () => [],
      retire: () => {},
      close: () => {},
    };
  };

  const ports = {
    listeners: (family: 4 | 6) =>
      family === 6
        ? []
        : alive().flatMap((run) => run.listens.map((port) => ({ port, socket: String(run.pid) }))),
    owns: (pid: number, sockets: Set<string>) => sockets.has(String(pid)),
    trace: () => null,
  };
  const familyOf = async (port: number) => (on(port).length > 0 ? 4 : null);
  const answers = async (port: number, family: 4 | 6) => {
    questions += 1;
    return family === 4 && on(port).length > 0;
  };
  const world: DaemonWorld = {
    paths,
    unasked: new Unasked(() => 0),
    kit: { shimScript: '', putBack: () => ({ node: null, languages: { python: null, ruby: null } }) },
    id: 'workspace',
    clock,
    processes: {
      all: () => new Map(alive().map(({ pid }) => [pid ?? 0, infoOf(pid ?? 0) as ProcessInfo])),
      get: infoOf,
      commandLine: () => 'made up',
      environment: (pid) => {
        const run = alive().find((each) => each.pid === pid);
        if (run === undefined) return null;
        return new Map([
          ['UPKEEP_WORKSPACE', 'workspace'],
          ['UPKEEP_SERVICE', run.service],
        ]);
      },
      environments: () => new Map(),
      now: () => 0,
      bootId: () => BOOT,
    },
    ports,
    recentPorts: ports,
    portProbe: createPortProbe({ ports, answers, familyOf, now: clock.now }),
    familyOf,
    openRuns: ({ mark }, events) => openRuns(mark.service, events),
    env: { PATH: process.env['PATH'] },
    configPrinter: '',
    onLaunch: () => {},
    isLeaving: () => false,
  };
  return { ...machine, world };
}
