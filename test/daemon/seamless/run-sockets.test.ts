/** What a run tells of its sockets, from the lines of a real report; and when it counts as listening. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ReportLine } from '../../../src/contract/report.ts';
import { approve } from '../../../src/daemon/seamless/approve.ts';
import { heldProbe } from '../../../src/daemon/seamless/held-probe.ts';
import { RunSockets } from '../../../src/daemon/seamless/run-sockets.ts';
import type { Family, Listener } from '../../../src/platform/listen-table.ts';
import type { HeldRecord } from '../../../src/process/held-record.ts';
import { eventually } from '../../rig/eventually.ts';

const held: HeldRecord = {
  way: 'hook',
  ports: [3000],
  sockets: [
    { port: 3000, address: '::', fds: [17, 19], socket: 'socket:[1]' },
    { port: 3000, address: '127.0.0.1', fds: [18, 20], socket: 'socket:[2]' },
  ],
};

/** Numbers of processes that are not there any more. */
const gone = new Set<number>();
afterEach(() => gone.clear());

interface Told {
  told: string[];
  sockets: RunSockets;
  folder: string;
  /** Where it is to make its control socket. */
  control: string;
  tell(...lines: ReportLine[]): void;
  /** Its record as another daemon would take it over. */
  again(): Told;
}

function follow(folder = mkdtempSync(join(tmpdir(), 'upkeep-sockets-'))): Told {
  const report = join(folder, 'loaded');
  const control = join(folder, 'c.1');
  const told: string[] = [];
  writeFileSync(report, '', { flag: 'a' });
  const sockets = new RunSockets({
    report,
    control,
    held,
    isAlive: (pid) => !gone.has(pid),
    events: {
      gated: (address) => told.push(`gated ${address}`),
      attached: (address) => told.push(`attached ${address}`),
      refused: (address) => told.push(`refused ${address}`),
      unheld: (why) => told.push(`unheld ${why}`),
    },
  });
  onTestFinished(() => {
    sockets.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    told,
    sockets,
    folder,
    control,
    tell(...lines) {
      appendFileSync(report, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      sockets.readNow();
    },
    again: () => follow(folder),
  };
}

describe('a run', () => {
  it('tells each step once, and who it is that listens', () => {
    const { told, sockets, control, tell } = follow();
    tell(['control', 1, 77, control], ['gated', 2, 77, '3000/::'], ['gated', 3, 77, '3000/::']);
    expect(told).toEqual(['gated 3000/::']);
    expect(sockets.holderOf(3000)).toEqual({ pid: 77, address: '::', control });
    expect(sockets.holderOf(300)).toBeNull();
    tell(['attached', 4, 77, '3000/::'], ['attached', 5, 77, '3000/::'], ['gated', 6, 77, '3000/::']);
    expect(told).toEqual(['gated 3000/::', 'attached 3000/::']);
  });

  it('is known to the next daemon as well', () => {
    const { tell, control, again } = follow();
    tell(['control', 1, 77, control], ['attached', 2, 77, '3000/127.0.0.1']);
    const next = again();
    next.sockets.readNow();
    expect(next.told).toEqual(['attached 3000/127.0.0.1']);
    expect(next.sockets.controls).toEqual([control]);
  });

  it('whose processes listen one after the other is asked by the one that does', () => {
    const { sockets, control, tell } = follow();
    tell(['control', 1, 77, control], ['gated', 2, 77, '3000/::']);
    tell(['control', 3, 78, `${control}.78`], ['gated', 4, 78, '3000/::']);
    expect(sockets.holderOf(3000)).toEqual({ pid: 78, address: '::', control: `${control}.78` });
    expect(sockets.controls).toEqual([control, `${control}.78`]);
  });

  it('whose processes come and go leaves no control sockets of those that are gone', () => {
    const { sockets, folder, control, tell } = follow();
    const begin = (pid: number) => {
      const path = pid === 1 ? control : `${control}.${pid}`;
      writeFileSync(path, '');
      tell(['control', 1, pid, path], ['gated', 2, pid, '3000/::']);
      return path;
    };
    begin(1);
    // More than there may be at once.
    for (let pid = 2; pid <= 100; pid++) {
      gone.add(pid - 1);
      const path = begin(pid);
      expect(sockets.holderOf(3000)).toEqual({ pid, address: '::', control: path });
    }
    writeFileSync(join(folder, 'c.10.5'), '');
    gone.add(100);
    begin(101);
    expect(sockets.controls).toEqual([`${control}.100`, `${control}.101`]);
    expect(readdirSync(folder).sort()).toEqual(['c.1', 'c.1.101', 'c.10.5', 'loaded']);
  });

  it('is not believed to hold what it was not given, nor sent to talk to others', () => {
    const { told, sockets, folder, control, tell } = follow();
    tell(
      ['gated', 1, 77, '3001/::'],
      ['attached', 1, 77, '3000/::1'],
      ['uncaptured', 1, 77, 9229, 'not declared'],
    );
    tell(['control', 1, 77, '/run/other.sock'], ['control', 1, 77, join(folder, 'c.2')]);
    tell(
      ...Array.from(
        { length: 100 },
        (_, pid): ReportLine => ['control', 1, pid + 1, `${control}.${pid + 1}`],
      ),
    );
    expect(told).toEqual([]);
    expect(sockets.controls).toHaveLength(64);
  });

  it('that listens otherwise says why; one that the kernel turns away at its gate is refused', () => {
    const other = follow();
    other.tell(['uncaptured', 1, 77, 3000, 'reusePort']);
    expect(other.told).toEqual(['unheld reusePort']);
    const { told, tell } = follow();
    tell(['gated', 1, 77, '3000/127.0.0.1'], ['uncaptured', 2, 77, 3000, 'EADDRINUSE']);
    expect(told).toEqual(['gated 3000/127.0.0.1', 'refused 3000/127.0.0.1']);
  });

  it('has company while it waits at its gate, and no longer', async () => {
    const { control, tell, sockets } = follow();
    let company = 0;
    const server = createServer((socket) => {
      company += 1;
      socket.on('close', () => {
        company -= 1;
      });
    });
    await new Promise<void>((resolve) => server.listen(control, resolve));
    onTestFinished(() => void server.close());
    tell(['control', 1, 77, control], ['gated', 2, 77, '3000/::']);
    await eventually(() => company === 1, 'somebody is there');
    tell(['attached', 3, 77, '3000/::']);
    await eventually(() => company === 0, 'nobody is there');
    tell(['gated', 4, 77, '3000/127.0.0.1']);
    await eventually(() => company === 1, 'somebody is there again');
    sockets.close();
    await eventually(() => company === 0, 'nobody is there any more');
  });

  it('is approved on disk, and told by the company that it has', async () => {
    const { folder, control, sockets, tell } = follow();
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on('data', (line) => socket.end(String(line) === 'attach\n' ? 'attached\n' : 'what?\n'));
    });
    await new Promise<void>((resolve) => server.listen(control, resolve));
    onTestFinished(() => void server.close());
    tell(['control', 1, 77, control], ['gated', 2, 77, '3000/::'], ['control', 3, 5, `${control}.5`]);
    expect(await approve(folder, sockets)).toEqual([{ kind: 'attached' }, { kind: 'gone' }]);
    expect(existsSync(join(folder, 'approved'))).toBe(true);
    expect(connections).toBe(1);
    expect(await approve(folder, sockets)).toEqual([{ kind: 'attached' }, { kind: 'gone' }]);
    expect(connections).toBe(2);
    expect(await approve(folder, null)).toEqual([]);
  });

  it('is told on a full disk too', async () => {
    const { folder, sockets } = follow();
    expect(await approve(join(folder, 'is not there'), sockets)).toEqual([]);
  });
});

describe('waiting until it listens', () => {
  /** `table`: what the kernel says is listening on. */
  function wait(run: Told, table: Listener[] = [], port = 3000) {
    const seen: number[] = [];
    const others: number[] = [];
    const looks = { count: 0 };
    const ports = {
      listeners: (family: Family) => {
        looks.count += 1;
        return family === 4 ? table : [];
      },
    };
    const probe = heldProbe(
      run.sockets,
      { ports, recentPorts: ports },
      { wait: (asked) => () => void others.push(asked) },
    );
    const undo = probe.wait(
      port,
      (sockets) => sockets.has('socket:[9]') || sockets.has('socket:[1]'),
      (family) => seen.push(family),
    );
    onTestFinished(undo);
    return { seen, others, looks, undo };
  }

  it('ends when it would, at its gate', async () => {
    const run = follow();
    const { seen } = wait(run);
    run.tell(['gated', 1, 77, '3000/127.0.0.1'], ['attached', 1, 77, '3000/127.0.0.1']);
    expect(seen).toEqual([4]);
    const late = wait(run);
    expect(late.seen).toEqual([]);
    await eventually(() => late.seen.length === 1, 'it is found');
  });

  it('is not misled by a held socket that listens for an older run', async () => {
    const run = follow();
    const { seen, looks, undo } = wait(run, [{ port: 3000, socket: 'socket:[1]' }]);
    run.tell(['uncaptured', 1, 77, 3000, 'cluster']);
    await eventually(() => looks.count >= 6, 'the table was looked at again');
    expect(seen).toEqual([]);
    undo();
  });

  it('finds a socket of its own: at once when it is told of, and also when nothing is told', async () => {
    const table = [{ port: 3000, socket: 'socket:[9]' }];
    const run = follow();
    const told = wait(run, table);
    run.tell(['uncaptured', 1, 77, 3000, 'cluster']);
    expect(told.seen).toEqual([4]);
    const silent = wait(follow(), table);
    await eventually(() => silent.seen.length === 1, 'it is found');
  });

  it('hears nothing after its undo', () => {
    const run = follow();
    const { seen, undo } = wait(run);
    undo();
    run.tell(['attached', 1, 77, '3000/::']);
    expect(seen).toEqual([]);
  });

  it('leaves other ports to others', () => {
    const { others, undo } = wait(follow(), [], 4000);
    undo();
    expect(others).toEqual([4000]);
  });
});
