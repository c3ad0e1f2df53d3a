/** The real shim and real processes: what is told of them, and that nothing of them is left. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProcessId } from '../../src/contract/process-id.ts';
import { isAlive } from '../../src/platform/proc.ts';
import { psProcesses } from '../../src/platform/proc-ps.ts';
import { findProgram } from '../../src/process/launch-script.ts';
import { Shim } from '../../src/process/shim.ts';
import { machineTools } from '../../src/process/tools.ts';
import { eventually, pause } from '../rig/eventually.ts';
import { findMarked, isAlive as isRunning, lookUp } from '../rig/processes.ts';
import { end, enterRoom, markOf, type Room, recordOf } from './room.ts';

const hasPerl = findProgram('perl', '/', process.env['PATH'] ?? '') !== null;
const sh = (text: string) => ['sh', '-c', text];
/** Everything that carries the room's mark, save the shim itself. */
const marked = (room: Room) =>
  findMarked(`UPKEEP_WORKSPACE=${markOf(room.root)}`, room.root).filter(
    ({ pid, command }) => pid !== room.runs.shim?.pid && !command.includes('shim.sh'),
  );

describe('the exit of a run', () => {
  it.each([
    [sh('exit 0'), { code: 0 }],
    [sh('exit 1'), { code: 1 }],
    [sh('exit 128'), { code: 128 }],
    [sh('exit 255'), { code: 255 }],
    [sh('kill -KILL $$'), { signal: 'SIGKILL' }],
    [sh('kill -SEGV $$'), { signal: 'SIGSEGV' }],
    [['node', '-e', 'process.abort()'], { signal: 'SIGABRT' }],
    [['/dev/null'], { code: 126 }],
    [['no-such-program'], { code: 127 }],
  ])('%j is %o, on disk as well', async (argv, exit) => {
    const room = enterRoom();
    room.launch(1, argv);
    expect(await room.exited(1)).toEqual(exit);
    expect(room.folder(1).readExit()?.exit).toEqual(exit);
    expect(room.told.slice(-1)).toEqual([`exited 1 ${JSON.stringify(exit)}`]);
    await room.runs.sweep(1);
  });

  it('is told once, after its start, and run after run', async () => {
    const room = enterRoom();
    for (const run of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await eventually(() => room.runs.freeSlot() !== null, 'a free slot');
      room.launch(run, sh(`exit ${run}`));
      void room.exited(run).then(() => room.runs.sweep(run));
      expect(await room.exited(run)).toEqual({ code: run });
    }
    const expected = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((run) => [
      `started ${run}`,
      `exited ${run} {"code":${run}}`,
    ]);
    expect(room.told).toEqual(expected);
  });
});

describe('output', () => {
  it('stands in the order of printing, both streams in one', async () => {
    const room = enterRoom();
    const program =
      "for (let i = 0; i < 2000; i++) (i % 2 ? console.error : console.log)('line ' + i); process.exit(3)";
    room.launch(1, ['node', '-e', program]);
    await room.exited(1);
    expect(room.output(1).split('\n').slice(0, -1)).toEqual(
      Array.from({ length: 2000 }, (_, i) => `line ${i}`),
    );
    await room.runs.sweep(1);
  });

  it('has what the shell says of a program that it cannot run', async () => {
    const room = enterRoom();
    room.launch(1, ['./no such program']);
    await room.exited(1);
    expect(room.output(1)).toContain('no such program');
    await room.runs.sweep(1);
  });

  it('that is removed comes back with the next run', async () => {
    const room = enterRoom();
    room.launch(1, sh('echo one; read -r _ <&- || sleep 60'));
    await room.started(1);
    rmSync(room.folder(1).spool, { force: true });
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    room.launch(2, sh('echo two'));
    await room.exited(2);
    expect(room.output(2)).toBe('two\n');
    await room.runs.sweep(2);
  });
});

describe('a shim that is too busy to answer', () => {
  it('has not forgotten a run that it was told of: the next daemon does not give it up', async () => {
    const room = enterRoom();
    room.launch(1, sh('exit 0'));
    await room.exited(1);
    const shim = room.runs.shim;
    if (shim === null) throw new Error('no shim');
    process.kill(shim.pid, 'SIGSTOP');
    try {
      const record = room.launch(2, sh('exit 7'));
      const next = room.nextDaemon();
      next.runs.adopt(record);
      expect(await next.runs.wasBegun(2)).toBe(true);
      expect(next.told).toEqual([]);
      process.kill(shim.pid, 'SIGCONT');
      expect(await next.exited(2)).toEqual({ code: 7 });
      await next.runs.sweep(2);
    } finally {
      process.kill(shim.pid, 'SIGCONT');
    }
  });
});

describe('terminate', () => {
  it('reaches the whole group, and tells the signal that ended it', async () => {
    const room = enterRoom();
    room.launch(1, sh('sleep 1000 & sleep 1000 & echo up; wait'));
    await room.printed(1, 'up');
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(room.exits.get(1)).toEqual({ signal: 'SIGTERM' });
    expect(marked(room)).toEqual([]);
  });

  it('lets it end in its own way and time', async () => {
    const room = enterRoom();
    room.launch(1, [
      'node',
      '-e',
      'setInterval(() => {}, 1e6); process.on("SIGTERM", () => process.exit(9)); console.log("up")',
    ]);
    await room.printed(1, 'up');
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(room.told.slice(1)).toEqual(['exited 1 {"code":9}', 'gone 1']);
  });

  it('before it has said who it is, is done as soon as it has', async () => {
    const room = enterRoom();
    room.launch(1, sh('exec sleep 1000'));
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(room.exits.get(1)).toBeDefined();
  });

  it('wakes one that is stopped', async () => {
    const room = enterRoom();
    room.launch(1, sh('echo up; exec sleep 1000'));
    await room.printed(1, 'up');
    const { pid } = await room.started(1);
    process.kill(pid, 'SIGSTOP');
    await eventually(() => lookUp(pid)?.state === 'T', 'stopped');
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
  });

  it('of a run that nobody knows is over at once', () => {
    const room = enterRoom();
    room.runs.terminate(9, 'SIGTERM');
    room.runs.kill(10);
    expect(room.told).toEqual(['gone 9', 'gone 10']);
  });

  it.each(['SIGINT', 'SIGQUIT'] as const)(
    'by %s ends programs that leave it to its default',
    async (signal) => {
      const room = enterRoom();
      room.launch(1, ['sleep', '1000']);
      const { pid } = await room.started(1);
      await eventually(() => lookUp(pid)?.command === 'sleep 1000', 'sleep runs');
      room.runs.terminate(1, signal);
      await room.gone(1);
      expect(room.exits.get(1)).toEqual({ signal });
    },
  );
});

describe('kill', () => {
  it('ends what does not listen', async () => {
    const room = enterRoom();
    room.launch(
      1,
      sh('trap "" TERM INT; (trap "" TERM; sleep 1000) & echo up; while :; do sleep 1000; done'),
    );
    await room.printed(1, 'up');
    room.runs.terminate(1, 'SIGTERM');
    room.runs.kill(1);
    await room.gone(1);
    expect(room.exits.get(1)).toEqual({ signal: 'SIGKILL' });
    expect(marked(room)).toEqual([]);
  });
});

/** Ways of getting out of sight: each prints the pid of a process that is to be found all the same. */
const ESCAPES = {
  'its own session': 'setsid sh -c "echo escaped \\$\\$; exec sleep 1000" &',
  'a double fork': '(setsid sh -c "echo escaped \\$\\$; exec sleep 1000" &)',
  'a double fork without environment': '(env -i setsid sh -c "echo escaped \\$\\$; exec sleep 1000" &)',
};

describe.each(Object.entries(ESCAPES))('a process that left by %s', (way, leave) => {
  async function escaped(room: Room, run: number): Promise<number> {
    const text = await room.printed(run, 'escaped');
    const pid = Number(/escaped (\d+)/.exec(text)?.[1]);
    await eventually(() => lookUp(pid)?.command === 'sleep 1000', 'it is settled');
    return pid;
  }
  const launch = (room: Room, rest: string) => room.launch(1, sh(`${leave}\n${rest}`));

  it.skipIf(!hasPerl)('is ended with a run that is stopped', async () => {
    const room = enterRoom();
    launch(room, 'exec sleep 1000');
    const pid = await escaped(room, 1);
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(isRunning(pid)).toBe(false);
  });

  it.skipIf(!hasPerl)('is ended after a run that ended by itself', async () => {
    const room = enterRoom();
    launch(room, 'while ! grep -q escaped runs/web/1/out; do sleep 0.01; done; exit 4');
    const pid = await escaped(room, 1);
    expect(await room.exited(1)).toEqual({ code: 4 });
    await room.runs.sweep(1);
    expect(isRunning(pid)).toBe(false);
  });

  it.skipIf(way.includes('without environment'))(
    'is found by its mark where the shim was killed',
    async () => {
      const room = enterRoom();
      launch(room, 'exec sleep 1000');
      const pid = await escaped(room, 1);
      process.kill(room.runs.shim?.pid ?? 0, 'SIGKILL');
      await eventually(() => room.runs.shim === null, 'the shim is gone');
      room.runs.terminate(1, 'SIGTERM');
      await room.gone(1);
      expect(isRunning(pid)).toBe(false);
    },
  );

  // Without a subreaper nobody can tell where it came from, save by its environment.
  it.skipIf(way.includes('without environment'))(
    'is found by its mark where there is no subreaper',
    async () => {
      const room = enterRoom({ subreaper: [] });
      launch(room, 'exec sleep 1000');
      const pid = await escaped(room, 1);
      room.runs.terminate(1, 'SIGTERM');
      await room.gone(1);
      expect(isRunning(pid)).toBe(false);
    },
  );
});

describe('two runs at once', () => {
  it("one that is just beginning is nobody's orphan: ending the other leaves it alone", async () => {
    const room = enterRoom();
    room.launch(1, ['sleep', '1000']);
    await room.started(1);
    for (let run = 2; run <= 12; run++) {
      await eventually(() => room.runs.freeSlot() !== null, 'a free slot');
      room.launch(run, ['sleep', '1000']);
      room.runs.kill(run - 1);
      await room.gone(run - 1);
      const { pid } = await room.started(run);
      expect(isRunning(pid), `run ${run}`).toBe(true);
      expect(room.folder(run).readExit()).toBeNull();
    }
    room.runs.kill(12);
    await room.gone(12);
    expect(marked(room)).toEqual([]);
  });

  it('are ended one at a time, orphans and all', async () => {
    const room = enterRoom();
    const text = '(setsid sleep 1000 &) ; echo up; exec sleep 1000';
    room.launch(1, sh(text));
    await room.printed(1, 'up');
    await eventually(() => room.runs.tree(1).length === 2, 'the first is whole');
    room.launch(2, sh(text));
    await room.printed(2, 'up');
    const second = await room.started(2);
    await eventually(() => marked(room).length === 4, 'both are whole');
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(isAlive(room.processes, second)).toBe(true);
    expect(room.exits.has(2)).toBe(false);
    expect(marked(room)).toHaveLength(2);
    room.runs.terminate(2, 'SIGTERM');
    await room.gone(2);
    expect(marked(room)).toEqual([]);
  });
});

describe('the next daemon', () => {
  it('adopts what runs, hears its exit, and knows its whole tree', async () => {
    const room = enterRoom();
    const record = room.launch(1, sh('sleep 1000 & echo up; wait; exit 6'));
    await room.printed(1, 'up');
    const process = await room.started(1);
    const next = room.nextDaemon();
    next.runs.adopt({ ...record, process });
    await eventually(() => next.runs.tree(1).length === 2, 'the tree');
    next.runs.terminate(1, 'SIGTERM');
    await next.gone(1);
    expect(next.told).toContain('exited 1 {"signal":"SIGTERM"}');
    expect(room.told).toEqual(['started 1']);
  });

  it('adopts a run whose start the one before had no time to write down', async () => {
    const room = enterRoom();
    const record = room.launch(1, sh('echo up; read -r _ <go; exit 6'));
    await room.printed(1, 'up');
    const next = room.nextDaemon();
    next.runs.adopt(record);
    expect(next.runs.process(1)?.pid).toBe(room.folder(1).readPid()?.pid);
    next.runs.terminate(1, 'SIGTERM');
    await next.gone(1);
  });

  it('knows the end of two runs that say the same slot: one had it after the other', async () => {
    const room = enterRoom();
    const records = [];
    for (const run of [1, 2]) {
      const waits = `while [ ! -e go${run} ]; do sleep 0.01; done; exit ${run + 4}`;
      const record = room.launch(run, sh(waits));
      records.push({ ...record, slot: 0, process: await room.started(run) });
    }
    const next = room.nextDaemon();
    for (const record of records) next.runs.adopt(record);
    writeFileSync(join(room.root, 'go2'), '');
    expect(await next.exited(2)).toEqual({ code: 6 });
    await next.runs.sweep(2);
    expect(next.told).toEqual(['exited 2 {"code":6}']);
    // Through it the first one's wrapper will tell of its end.
    expect(next.runs.freeSlot()).not.toBe(0);
    writeFileSync(join(room.root, 'go1'), '');
    expect(await next.exited(1)).toEqual({ code: 5 });
    await next.runs.sweep(1);
    next.launch(3, sh('exit 7'));
    expect(await next.exited(3)).toEqual({ code: 7 });
    await next.runs.sweep(3);
  });

  it('knows the exit of what ended while it was being looked at', async () => {
    const room = enterRoom();
    const waits = 'while [ ! -e go ]; do sleep 0.01; done; exit 6';
    const records = [];
    for (const run of [1, 2]) {
      const record = room.launch(run, sh(run === 1 ? waits : 'sleep 1000'));
      records.push({ ...record, slot: 0, process: await room.started(run) });
    }
    const first = records[0]?.process.pid;
    const next = room.nextDaemon((system) => ({
      ...system,
      get(pid) {
        // From here on it is between two looks: no exit was there, and now nobody lives who could tell.
        if (pid === first && isAsked) {
          writeFileSync(join(room.root, 'go'), '');
          const until = Date.now() + 10_000;
          while (system.get(wrapper) !== null && !system.get(wrapper)?.zombie && Date.now() < until);
        }
        return system.get(pid);
      },
    }));
    let isAsked = false;
    const wrapper = room.processes.get(first ?? 0)?.ppid ?? 0;
    for (const record of records) next.runs.adopt(record);
    isAsked = true;
    expect(await next.exited(1)).toEqual({ code: 6 });
  });

  it('knows a shim that the one before had no time to write down, and the orphans below it', async () => {
    const room = enterRoom();
    const record = room.launch(1, sh('(env -i setsid sleep 1000 &); echo up; exec sleep 1000'));
    await room.printed(1, 'up');
    const process = await room.started(1);
    const { shim } = room.runs;
    rmSync(join(room.root, 'shims', 'web', 'shim.json'));
    const next = room.nextDaemon();
    next.runs.adopt({ ...record, process });
    expect(next.runs.shim).toEqual(shim);
    await eventually(() => next.runs.tree(1).length === 2, 'the orphan');
    next.runs.terminate(1, 'SIGTERM');
    await next.gone(1);
    expect(
      [...room.processes.all().values()].filter(({ ppid, zombie }) => ppid === shim?.pid && !zombie),
    ).toEqual([]);
  });

  it('knows the exit of what ended while there was none', async () => {
    const room = enterRoom();
    const record = room.launch(1, sh('echo up; while [ ! -e go ]; do sleep 0.01; done; exit 6'));
    await room.printed(1, 'up');
    const process = await room.started(1);
    const next = room.nextDaemon();
    writeFileSync(join(room.root, 'go'), '');
    await eventually(
      () => !isAlive(room.processes, process) && room.folder(1).readExit() !== null,
      'its end',
    );
    next.runs.adopt({ ...record, process });
    expect(await next.exited(1)).toEqual({ code: 6 });
    await next.runs.sweep(1);
  });

  it('ends what an ended run left behind, when the one before did not come to it', async () => {
    const room = enterRoom();
    const record = room.launch(1, sh('setsid sleep 1000 & echo up; exit 6'));
    await room.exited(1);
    const { shim } = room.runs;
    const orphans = () =>
      [...room.processes.all().values()].filter(({ ppid, zombie }) => ppid === shim?.pid && !zombie);
    await eventually(() => orphans().length === 1, 'an orphan');
    const next = room.nextDaemon();
    next.runs.adoptEnded(record);
    await next.runs.sweep(1);
    expect(orphans()).toEqual([]);
    expect(next.told).toEqual([]);
  });

  it('adopts a run in the moment in which it is begun, and does not take it for lost', async () => {
    let room = enterRoom();
    room.launch(1, sh('exit 0'));
    await room.exited(1);
    for (let run = 2; run < 12; run++) {
      const record = room.launch(run, sh(`exit ${run}`));
      // Without a turn in between: its process has not said who it is.
      const deadline = Date.now() + 10_000;
      while (!room.folder(run).taken() && Date.now() < deadline);
      room = room.nextDaemon();
      room.runs.adopt(record);
      expect(await room.exited(run)).toEqual({ code: run });
      await room.runs.sweep(run, true);
    }
  });

  it('is told that a run was never begun', async () => {
    const room = enterRoom();
    room.launch(1, sh('exec sleep 1000'));
    const process = await room.started(1);
    expect(await room.runs.wasBegun(1)).toBe(true);
    expect(await room.runs.wasBegun(2)).toBe(false);
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(isAlive(room.processes, process)).toBe(false);
  });
});

describe('a shim that dies before it begins its run', () => {
  /** What stands before a shim's command line: so many die at once. */
  const dying = (count: number) => {
    const folder = mkdtempSync(join(tmpdir(), 'upkeep-dying-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (let number = 0; number < count; number++) writeFileSync(join(folder, String(number)), '');
    return ['sh', '-c', `for each in '${folder}'/[0-9]*; do rm "$each" && exit; done; exec "$@"`, 'sh'];
  };

  it('twice: the third begins it', async () => {
    const room = enterRoom({ subreaper: dying(2) });
    room.launch(1, sh('exit 7'));
    expect(await room.exited(1)).toEqual({ code: 7 });
  });

  it('always: the run is given up', async () => {
    const room = enterRoom({ subreaper: dying(1_000) });
    room.launch(1, sh('exit 7'));
    expect(await room.exited(1)).toEqual({ unknown: true });
  });
});

it('a shim that takes its time to begin is waited for, and no other one is started', async () => {
  const room = enterRoom();
  room.launch(1, sh('echo up; exec sleep 1000'));
  const shim = room.runs.shim as ProcessId;
  process.kill(shim.pid, 'SIGSTOP');
  onTestFinished(() => {
    if (isAlive(room.processes, shim)) process.kill(shim.pid, 'SIGCONT');
  });
  // Longer than it is given before it is looked at anew.
  await pause(2_500);
  process.kill(shim.pid, 'SIGCONT');
  await room.started(1);
  expect(room.runs.shim).toEqual(shim);
  expect(await room.printed(1, 'up')).toBe('up\n');
  room.runs.kill(1);
  await room.gone(1);
});

it('a shim whose pipes are removed before it comes to a run is replaced, and the run begun', async () => {
  const room = enterRoom();
  room.launch(1, ['sleep', '1000']);
  await room.started(1);
  const shim = room.runs.shim as ProcessId;
  process.kill(shim.pid, 'SIGSTOP');
  onTestFinished(() => {
    if (isAlive(room.processes, shim)) process.kill(shim.pid, 'SIGCONT');
  });
  room.launch(2, sh('echo up; exec sleep 1000'));
  rmSync(join(room.root, 'shims'), { recursive: true });
  process.kill(shim.pid, 'SIGCONT');
  await room.started(2);
  expect(await room.printed(2, 'up')).toBe('up\n');
  for (const run of [1, 2]) {
    room.runs.kill(run);
    await room.gone(run);
  }
});

describe('kill -9', () => {
  it('of the wrapper: the run lives on and is watched all the same', async () => {
    const room = enterRoom();
    room.launch(1, sh('exec sleep 1000'));
    const id = await room.started(1);
    const wrapper = room.processes.get(id.pid)?.ppid ?? 0;
    expect(wrapper).not.toBe(room.runs.shim?.pid);
    end({ pid: wrapper, start: room.processes.get(wrapper)?.start ?? -1 }, room.processes);
    await eventually(() => room.processes.get(id.pid)?.ppid !== wrapper, 'it is an orphan');
    expect(room.exits.size).toBe(0);
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    expect(room.exits.get(1)).toEqual({ unknown: true });
    expect(isAlive(room.processes, id)).toBe(false);
  });

  it('of wrapper and run: its exit is unknown, not made up', async () => {
    const room = enterRoom();
    room.launch(1, sh('exec sleep 1000'));
    const id = await room.started(1);
    const wrapper = room.processes.get(id.pid)?.ppid ?? 0;
    end({ pid: wrapper, start: room.processes.get(wrapper)?.start ?? -1 }, room.processes);
    end(id, room.processes);
    expect(await room.exited(1)).toEqual({ unknown: true });
    await room.runs.sweep(1);
  });

  it('of the shim: its runs live on with their exits, and the next run has a new one', async () => {
    const room = enterRoom();
    room.launch(1, sh('echo up; while [ ! -e go ]; do sleep 0.01; done; exit 5'));
    await room.printed(1, 'up');
    const shim = room.runs.shim;
    if (shim === null) throw new Error('no shim');
    end(shim, room.processes);
    await eventually(() => !isAlive(room.processes, shim), 'its end');
    expect(room.runs.shim).toBeNull();
    room.launch(2, sh('exit 7'));
    expect(await room.exited(2)).toEqual({ code: 7 });
    writeFileSync(join(room.root, 'go'), '');
    expect(await room.exited(1)).toEqual({ code: 5 });
    await room.runs.sweepAll();
  });
});

describe('nothing is left', () => {
  it('of 60 short runs: no process, zombie or descriptor', async () => {
    const room = enterRoom();
    room.launch(1, sh('exit 0'));
    await room.exited(1);
    await room.runs.sweep(1);
    const shim = room.runs.shim;
    if (shim === null) throw new Error('no shim');
    const ours = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => target(`/proc/self/fd/${fd}`))
        .filter((path) => path.startsWith(room.root));
    const its = () => readdirSync(`/proc/${shim.pid}/fd`).length;
    await eventually(() => ours().length === 0, 'no FIFO is open');
    const before = its();
    for (let run = 2; run <= 61; run++) {
      await eventually(() => room.runs.freeSlot() !== null, 'a free slot');
      room.launch(run, ['true']);
      await eventually(() => room.exits.has(run), `exit of run ${run}`);
      await room.runs.sweep(run);
    }
    expect([...room.exits.values()].every((exit) => 'code' in exit && exit.code === 0)).toBe(true);
    // The shim reaps when it is next spoken to.
    expect(await room.runs.wasBegun(61)).toBe(true);
    expect(ours()).toEqual([]);
    // The first look may meet one that it is about to close.
    expect(its()).toBeLessThanOrEqual(before);
    const children = [...room.processes.all().values()].filter(({ ppid }) => ppid === shim.pid);
    expect(children.length).toBeLessThanOrEqual(1);
    expect(marked(room)).toEqual([]);
  }, 60_000);

  it('of a shim whose service is at rest', async () => {
    const room = enterRoom();
    room.launch(1, sh('exec sleep 1000'));
    await room.started(1);
    const shim = room.runs.shim;
    if (shim === null) throw new Error('no shim');
    room.runs.retire();
    expect(isAlive(room.processes, shim)).toBe(true);
    room.runs.terminate(1, 'SIGTERM');
    await room.gone(1);
    await eventually(() => !isAlive(room.processes, shim), 'its end');
  });

  it('of its script once it has ended: it may hold secrets', async () => {
    const room = enterRoom();
    room.launch(1, sh('exit 0'), { SECRET: 'x' });
    await room.exited(1);
    expect(existsSync(join(room.folder(1).path, 'start'))).toBe(false);
    await room.runs.sweep(1);
  });
});

it('a launch makes pipes anew that were removed, and the shim that listens to the old ones ends', async () => {
  const room = enterRoom();
  room.launch(1, sh('exit 0'));
  await room.exited(1);
  await room.runs.sweep(1);
  const deaf = room.runs.shim as ProcessId;
  rmSync(join(room.root, 'shims'), { recursive: true });
  room.launch(2, sh('exit 3'));
  await room.exited(2);
  expect(room.exits.get(2)).toEqual({ code: 3 });
  await eventually(() => !isAlive(room.processes, deaf), 'its end');
});

describe('a launch that fails', () => {
  it('leaves nothing behind that a later one would wait for', async () => {
    const room = enterRoom();
    rmSync(join(room.root, 'shims'), { recursive: true });
    writeFileSync(join(room.root, 'shims'), 'no folder');
    expect(() => room.launch(1, sh('exit 0'))).toThrow(/ENOTDIR|EEXIST/);
    rmSync(join(room.root, 'shims'));
    Shim.prepare([join(room.root, 'shims', 'web')]);
    expect(room.runs.freeSlot()).toBe(0);
    room.launch(2, sh('exit 0'));
    await room.exited(2);
    await room.runs.sweep(2);
    expect(() => room.launch(2, sh('exit 0')), 'a run folder is never used twice').toThrow(/EEXIST/);
    room.launch(3, sh('exit 0'));
    await room.exited(3);
    await room.runs.sweep(3);
  });
});

describe('where there is no /proc', () => {
  // As on macOS: ps(1) tells of processes, a run can tell no more of itself than its pid.
  const portable = () =>
    enterRoom({ processes: psProcesses(), subreaper: [], env: { UPKEEP_PLATFORM: 'ps' } });

  it('runs are told of, adopted and ended all the same', async () => {
    const room = portable();
    const record = room.launch(1, sh('sleep 1000 & echo up; wait; exit 6'));
    await room.printed(1, 'up');
    const id = await room.started(1);
    expect(room.folder(1).readPid()).toEqual({ pid: id.pid, start: Number.NaN });
    expect(isAlive(room.processes, id)).toBe(true);
    const next = room.nextDaemon();
    next.runs.adopt(record);
    expect(next.runs.process(1)).toEqual(id);
    await eventually(() => next.runs.tree(1).length === 2, 'the tree');
    next.runs.terminate(1, 'SIGTERM');
    await next.gone(1);
    expect(next.exits.get(1)).toEqual({ signal: 'SIGTERM' });
    expect(marked(room)).toEqual([]);
  });
});

it('the environment of the daemon passes through the shim, and the run has what is its own', async () => {
  const room = enterRoom({ env: { FROM_DAEMON: 'd', BOTH: 'd' } });
  room.launch(1, sh('echo "$FROM_DAEMON $BOTH $OWN $UPKEEP_RUN $PWD"'), { OWN: 'o', BOTH: 'o' });
  await room.exited(1);
  expect(room.output(1)).toBe(`d o o 1 ${room.root}\n`);
  await room.runs.sweep(1);
});

it('a record and what the process says of itself agree', async () => {
  const room = enterRoom();
  room.launch(1, sh('exec sleep 1000'));
  const id = await room.started(1);
  expect(room.folder(1).readPid()).toEqual(id);
  // It says who it is before it has a session of its own.
  await eventually(() => lookUp(id.pid)?.session === id.pid, 'a session of its own');
  expect(lookUp(id.pid)).toMatchObject({ start: id.start, group: id.pid, session: id.pid });
  expect(readFileSync(join(room.root, 'shims/web/shim.json'), 'utf8')).toContain(String(room.runs.shim?.pid));
  expect(recordOf(1, 0).boot).toBe(room.processes.bootId());
  room.runs.terminate(1, 'SIGTERM');
  await room.gone(1);
  expect(machineTools().session).not.toEqual([]);
});

function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
