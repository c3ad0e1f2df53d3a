/** Sockets that a real shim holds: who has them, who does not, and how long. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../src/platform/proc.ts';
import type { HoldWish } from '../../src/process/held-record.ts';
import { findProgram } from '../../src/process/launch-script.ts';
import { machineTools } from '../../src/process/tools.ts';
import { eventually } from '../rig/eventually.ts';
import { claimPort, isFree } from '../rig/ports.ts';
import { end, enterRoom, type Room, recordOf } from './room.ts';

const hasPerl = machineTools().subreaper.length > 0;
const has = (program: string) => findProgram(program, '/', process.env['PATH'] ?? '') !== null;

/** Stands in for the hook: answers its UPKEEP_RUN on a copy of the first held socket, until it is told to end. */
const SERVER = `
  const [fd] = /=(\\d+)/.exec(process.env.UPKEEP_SOCKETS).slice(1);
  const server = require('net').createServer((socket) => socket.end(process.env.UPKEEP_RUN + '\\n'));
  server.listen({ fd: Number(fd) }, () => console.log('listens'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
const server = ['node', '-e', SERVER];
const idle = ['sh', '-c', 'echo up; exec sleep 1000'];

async function wishFor(way: HoldWish['way'] = 'hook', count = 1): Promise<HoldWish & { port: number }> {
  const claims = await Promise.all(Array.from({ length: count }, () => claimPort()));
  onTestFinished(async () => {
    await Promise.all(claims.map((claim) => claim.release()));
  });
  const ports = claims.map(({ port }) => port);
  return { way, ports, port: ports[0] ?? 0 };
}

/** What a client reads until the other side closes. */
function ask(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('close', () => resolve(text.trim()));
  });
}

function shimOf(room: Room): { pid: number; start: number } {
  const { shim } = room.runs;
  if (shim === null) throw new Error('no shim');
  return shim;
}

/** Numbers of the descriptors of a process that are sockets. */
function socketsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/fd`)
    .filter((fd) => target(`/proc/${pid}/fd/${fd}`).startsWith('socket:'))
    .map(Number)
    .sort((a, b) => a - b);
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

async function stop(room: Room, run: number): Promise<void> {
  room.runs.terminate(run, 'SIGTERM');
  await room.gone(run);
}

describe.each([
  ['through perl', machineTools().subreaper],
  ['without perl', []],
])('a shim that is started %s', (way, subreaper) => {
  it.skipIf(way === 'through perl' && !hasPerl)(
    'has what it holds at its numbers, and so has its run',
    async () => {
      const wish = await wishFor();
      const room = enterRoom({ subreaper });
      const held = await room.launchHeld(1, idle, wish);
      await room.printed(1, 'up');
      const shim = shimOf(room).pid;
      const run = (await room.started(1)).pid;
      expect(held.sockets.map(({ fds }) => fds)).toEqual([
        [17, 21, 25],
        [18, 22, 26],
        [19, 23, 27],
        [20, 24, 28],
      ]);
      for (const pid of [shim, run]) {
        expect(socketsOf(pid)).toEqual(numbers(17, 12));
        expect(target(`/proc/${pid}/fd/16`)).toBe('');
        for (const { fds, socket } of held.sockets)
          for (const fd of fds) expect(target(`/proc/${pid}/fd/${fd}`)).toBe(socket);
      }
      // The daemon keeps none of them.
      const ours = new Set(held.sockets.map(({ socket }) => socket));
      expect(readdirSync('/proc/self/fd').filter((fd) => ours.has(target(`/proc/self/fd/${fd}`)))).toEqual(
        [],
      );
      await stop(room, 1);
    },
  );
});

describe('a port that is held', () => {
  it('takes connections from the first that listens on, whatever becomes of runs', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    expect(await ask(wish.port)).toBe('1');
    expect(await ask(wish.port, '::1')).toBe('1');
    process.kill((await room.started(1)).pid, 'SIGKILL');
    await room.exited(1);
    // Nobody is there to answer, and nobody is refused.
    const answer = ask(wish.port);
    await room.launchHeld(2, server, wish);
    expect(await answer).toBe('2');
    await stop(room, 2);
  });

  it('is free as soon as the service is at rest', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    await stop(room, 1);
    expect(await isFree(wish.port)).toBe(false);
    room.runs.retire();
    await room.runs.released();
    expect(await isFree(wish.port)).toBe(true);
    // And again at once, while the daemon goes on.
    await room.launchHeld(2, server, wish);
    await room.printed(2, 'listens');
    await stop(room, 2);
  });

  it('is let go to be bound anew', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    await room.runs.release();
    expect(room.runs.held).not.toBeNull();
    await stop(room, 1);
    await room.runs.release();
    expect(await isFree(wish.port)).toBe(true);
    expect(room.runs.held).toBeNull();
  });

  it('is let go before the next run is launched, though both are asked for in one step', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    await stop(room, 1);
    const shim = shimOf(room);
    const released = room.runs.release();
    // It would keep the old sockets, and whatever else had listened on them, if it did not wait.
    await room.launchHeld(2, server, wish);
    await released;
    expect(room.runs.shim).not.toEqual(shim);
    expect(isAlive(room.processes, shim)).toBe(false);
    await room.printed(2, 'listens');
    expect(await ask(wish.port)).toBe('2');
    await stop(room, 2);
  });

  it('is free for whoever asks twice, too', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    await stop(room, 1);
    room.runs.retire();
    room.runs.retire();
    await room.runs.released();
    expect(await isFree(wish.port)).toBe(true);
  });

  it('of a stranger is not: it is told, and nothing is bound', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    const other = enterRoom();
    await other.launchHeld(1, server, wish);
    await other.printed(1, 'listens');
    await room.runs.makeRoom(wish);
    expect(room.runs.hold(wish)).toEqual({ taken: wish.port });
    await stop(other, 1);
  });

  it('passes npm run, when its number is high enough', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    const program =
      'console.log("open:" + [16, 17, 28].map((fd) => { try { return require("fs").readlinkSync("/proc/self/fd/" + fd).slice(0, 6) } catch { return "none" } }).join())';
    // As npm does: Node starts a shell, which starts Node.
    const outer = `require("child_process").spawnSync("sh", ["-c", ${JSON.stringify(`node -e '${program}'`)}], { stdio: "inherit" })`;
    await room.launchHeld(1, ['node', '-e', outer], wish);
    expect(await room.printed(1, 'open:')).toMatch(/open:\w+,socket,socket/);
    await room.exited(1);
    await room.runs.sweep(1);
  });
});

describe('the record of a shim', () => {
  it('tells the next daemon what it holds, with a run below it and without', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    const held = await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    const next = room.nextDaemon();
    next.runs.adopt(recordOf(1, 0));
    expect(next.runs.held).toEqual(held);
    expect(next.runs.hold(wish)).toEqual({ held });
    const shim = shimOf(next);
    await next.launchHeld(2, server, wish);
    await next.printed(2, 'listens');
    expect(shimOf(next)).toEqual(shim);
    await stop(next, 2);
    expect(await ask(wish.port)).toBe('1');
    await stop(next, 1);
  });

  it('without anything held stands for a shim that holds nothing: a run beside another gets nothing', async () => {
    const room = enterRoom();
    room.launch(1, idle);
    await room.printed(1, 'up');
    expect(readFileSync(join(room.root, 'shims/web/shim.json'), 'utf8')).toContain('"held": null');
    expect(room.runs.held).toBeNull();
    expect(room.runs.hold(await wishFor())).toHaveProperty('unheld');
    await stop(room, 1);
  });
});

describe('a shim that holds something else', () => {
  it('ends for the next run, when none lives below it', async () => {
    const [first, second] = [await wishFor(), await wishFor()];
    const room = enterRoom();
    await room.launchHeld(1, server, first);
    await room.printed(1, 'listens');
    const before = shimOf(room);
    await room.runs.makeRoom(second);
    expect(room.runs.hold(second)).toHaveProperty('unheld');
    expect(isAlive(room.processes, before)).toBe(true);
    await stop(room, 1);
    await room.launchHeld(2, server, second);
    await room.printed(2, 'listens');
    expect(isAlive(room.processes, before)).toBe(false);
    expect(await isFree(first.port)).toBe(true);
    expect(await ask(second.port)).toBe('2');
    await stop(room, 2);
  });

  it('also when the service is to have nothing held any more: its runs inherit nothing', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    await stop(room, 1);
    await room.runs.makeRoom(null);
    expect(room.runs.hold(null)).toEqual({ held: null });
    room.launch(2, idle);
    await room.printed(2, 'up');
    expect(socketsOf((await room.started(2)).pid)).toEqual([]);
    expect(socketsOf(shimOf(room).pid)).toEqual([]);
    await stop(room, 2);
  });
});

describe('a shim that is killed', () => {
  it('holds again with the first run that is launched when no other lives', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    await room.launchHeld(1, server, wish);
    await room.printed(1, 'listens');
    const shim = shimOf(room);
    end(shim, room.processes);
    await eventually(() => !isAlive(room.processes, shim), 'its end');
    await room.runs.makeRoom(wish);
    // The run has its own copies, listens on, and cannot be followed by another on the same socket.
    expect(await ask(wish.port)).toBe('1');
    expect(room.runs.hold(wish)).toHaveProperty('unheld');
    await stop(room, 1);
    await room.launchHeld(2, server, wish);
    await room.printed(2, 'listens');
    expect(await ask(wish.port)).toBe('2');
    await stop(room, 2);
  });

  it('before it began a run: the next one holds the same at the same numbers', async () => {
    const wish = await wishFor();
    const room = enterRoom();
    const held = await room.launchHeld(1, ['true'], wish);
    await room.exited(1);
    await room.runs.sweep(1);
    const shim = shimOf(room);
    process.kill(shim.pid, 'SIGSTOP');
    await room.launchHeld(2, server, wish);
    process.kill(shim.pid, 'SIGKILL');
    await room.printed(2, 'listens');
    expect(await ask(wish.port)).toBe('2');
    expect(room.runs.held?.sockets.map(({ fds }) => fds)).toEqual(held.sockets.map(({ fds }) => fds));
    await stop(room, 2);
  });
});

describe('descriptors', () => {
  it('are after 100 launches what they were after the first', async () => {
    const wish = await wishFor('hook', 2);
    const room = enterRoom();
    const program = ['sh', '-c', 'ls /proc/self/fd | wc -l'];
    const finish = async (run: number) => {
      await eventually(() => room.exits.has(run), `exit of run ${run}`);
      await room.runs.sweep(run, true);
      await eventually(() => room.runs.freeSlot() === 0, 'its wrapper is gone');
    };
    await room.launchHeld(1, program, wish);
    await finish(1);
    const { pid } = shimOf(room);
    const count = () => [process.pid, pid].map((each) => readdirSync(`/proc/${each}/fd`).length);
    const before = count();
    for (let run = 2; run <= 100; run++) {
      await room.launchHeld(run, program, wish);
      await finish(run);
    }
    expect(shimOf(room).pid).toBe(pid);
    expect(count()).toEqual(before);
    expect(room.output(100)).toBe(room.output(1));
  }, 120_000);
});

describe('LISTEN_FDS', () => {
  const PROGRAM = `
    const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = process.env;
    console.log([LISTEN_PID === String(process.pid), LISTEN_FDS, LISTEN_FDNAMES].join(' '));
    for (let i = 0; i < Number(LISTEN_FDS); i++)
      require('net').createServer((socket) => socket.end('at ' + i)).listen({ fd: 3 + i }, () => console.log('listens'));
  `;

  it.each([1, 2, 3])('gives a program %d sockets from 3 on, and nothing else', async (count) => {
    const wish = await wishFor('listen-fds', count);
    const room = enterRoom();
    await room.launchHeld(1, ['node', '-e', PROGRAM], wish);
    const text = await room.printed(1, 'listens');
    expect(text).toContain(`true ${count} ${wish.ports.join(':')}\n`);
    for (const [index, port] of wish.ports.entries()) {
      expect(await ask(port)).toBe(`at ${index}`);
    }
    await stop(room, 1);
    expect(room.runs.held?.way).toBe('listen-fds');
  });

  it('holds connections that come before the program listens', async () => {
    const wish = await wishFor('listen-fds');
    const room = enterRoom();
    const later = ['sh', '-c', 'echo up; read -r _ <go; exec node -e "$0"', PROGRAM];
    await room.launchHeld(1, later, wish);
    await room.printed(1, 'up');
    await stop(room, 1);
    const answer = ask(wish.port);
    await room.launchHeld(2, ['node', '-e', PROGRAM], wish);
    expect(await answer).toBe('at 0');
    await stop(room, 2);
  });

  it.skipIf(!has('python3'))('is for a program with a blocking accept as well', async () => {
    const wish = await wishFor('listen-fds', 2);
    const room = enterRoom();
    const program = [
      'import os, socket',
      's = socket.socket(fileno=3 + int(os.environ["LISTEN_FDS"]) - 1)',
      'print("up", os.get_blocking(3), os.get_blocking(4), flush=True)',
      'while True:',
      '    c, _ = s.accept()',
      '    c.sendall(b"blocking")',
      '    c.close()',
    ].join('\n');
    await room.launchHeld(1, ['python3', '-c', program], wish);
    expect(await room.printed(1, 'up')).toContain('up True True');
    for (let i = 0; i < 3; i++) expect(await ask(wish.ports[1] ?? 0)).toBe('blocking');
    await stop(room, 1);
  });
});
