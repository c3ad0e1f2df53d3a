/** Each way of telling that a service is ready: over a made-up world, and once with a real server each. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ReadyCheck, ResolvedService } from '../../src/contract/config.ts';
import { answers, familyOf } from '../../src/daemon/connects.ts';
import { createPortProbe } from '../../src/daemon/port-probe.ts';
import { type ReadinessWorld, watchReadiness } from '../../src/daemon/readiness.ts';
import { linuxPorts } from '../../src/platform/ports.ts';
import { eventually, pause } from '../rig/eventually.ts';
import { specOf } from '../supervisor/services.ts';

interface Watched {
  ready: number;
  details: string[];
  /** What waits at the port probe: port by callback. */
  waits: Map<number, () => void>;
  print(text: string): void;
  undo(): void;
}

function watch(
  ready: ReadyCheck,
  changes: Partial<ResolvedService> = {},
  world: Partial<ReadinessWorld> = {},
): Watched {
  const listeners = new Set<(text: string) => void>();
  const waits = new Map<number, () => void>();
  const watched: Watched = {
    ready: 0,
    details: [],
    waits,
    print: (text) => {
      for (const listener of [...listeners]) listener(text);
    },
    undo: () => {},
  };
  watched.undo = watchReadiness(
    specOf('web', { ready, ...changes }),
    {
      ports: {
        wait: (port, _isOurs, onListening) => {
          waits.set(port, () => onListening(4));
          return () => waits.delete(port);
        },
      },
      isOurs: () => true,
      onListening: () => {},
      onText: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      env: { PATH: process.env['PATH'] },
      ...world,
    },
    () => {
      watched.ready += 1;
    },
    (detail) => watched.details.push(detail),
  );
  onTestFinished(() => watched.undo());
  return watched;
}

afterEach(() => void vi.useRealTimers());

describe.each([
  [{ kind: 'started' } as const, 500],
  [{ kind: 'delay', ms: 5_000 } as const, 5_000],
])('%o', (check, ms) => {
  it('is ready after that time, unless it ends before', async () => {
    vi.useFakeTimers();
    const [one, other] = [watch(check), watch(check)];
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(one.ready).toBe(0);
    other.undo();
    await vi.advanceTimersByTimeAsync(1);
    expect([one.ready, other.ready]).toEqual([1, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('port', () => {
  it('is ready when the probe says so', () => {
    const watched = watch({ kind: 'port', port: 3000 });
    expect(watched.details).toEqual(['port 3000 not yet listened on']);
    watched.waits.get(3000)?.();
    expect(watched.ready).toBe(1);
  });

  it('is waited for no longer when its run ends', () => {
    const watched = watch({ kind: 'port', port: 3000 });
    watched.undo();
    expect(watched.waits.size).toBe(0);
  });

  it('is found when a real server listens, by whose socket it is', async () => {
    const ports = linuxPorts();
    const port = await serve(200);
    const world = { ports: createPortProbe({ ports, answers, familyOf, now: () => performance.now() }) };
    const ours = watch(
      { kind: 'port', port },
      {},
      { ...world, isOurs: (sockets) => ports.owns(process.pid, sockets) },
    );
    const theirs = watch(
      { kind: 'port', port },
      {},
      { ...world, isOurs: (sockets) => ports.owns(process.ppid, sockets) },
    );
    await eventually(() => ours.ready === 1, 'ready');
    expect(theirs.ready).toBe(0);
  });
});

describe('log', () => {
  const check = (pattern: string, flags = '') => ({ kind: 'log', pattern, flags }) as const;

  it('matches a line, once, whatever comes after', () => {
    const watched = watch(check('^listening on \\d+$'));
    watched.print('hello\nnot listening on 3\n');
    expect(watched.ready).toBe(0);
    watched.print('listening on 3000\nlistening on 3001\n');
    watched.print('listening on 3002\n');
    expect(watched.ready).toBe(1);
  });

  it.each([
    ['in pieces', ['list', 'ening', '\n']],
    ['without a line end', ['listening']],
    ['in colours', ['\u001b[32mlistening\u001b[39m\n']],
    ['behind a lot of text', [`${'x'.repeat(200_000)}\n`, 'listening\n']],
  ])('matches a line that comes %s', (_, pieces) => {
    const watched = watch(check('^listening$'));
    for (const piece of pieces) watched.print(piece);
    expect(watched.ready).toBe(1);
  });

  it('minds its flags, and remembers nothing between lines', () => {
    const watched = watch(check('READY', 'gi'));
    watched.print('ready? no: reday\n');
    expect(watched.ready).toBe(1);
  });

  it('hears nothing after its run has ended', () => {
    const watched = watch(check('ready'));
    watched.undo();
    watched.print('ready\n');
    expect(watched.ready).toBe(0);
  });
});

describe('http', () => {
  const check = (port: number, status: number[] = []) =>
    ({ kind: 'http', url: `http://127.0.0.1:${port}/health`, status }) as const;

  it.each([
    [200, [], true],
    [302, [], true],
    [404, [], false],
    [500, [], false],
    [404, [404], true],
    [200, [204], false],
  ])('an answer of %d, when %j is asked for: ready is %s', async (status, wanted, ready) => {
    const watched = watch(check(await serve(status), wanted));
    await eventually(
      () => watched.ready === 1 || watched.details.some((text) => text.endsWith(`answers ${status}`)),
      'an answer',
    );
    expect(watched.ready).toBe(ready ? 1 : 0);
  });

  it('asks again until it answers well', async () => {
    let asked = 0;
    const watched = watch(check(await serve(() => (++asked < 3 ? 503 : 200))));
    await eventually(() => watched.ready === 1, 'ready');
    expect(asked).toBe(3);
  });

  it('asks nobody on the port of the service before the service itself listens', async () => {
    let asked = 0;
    const port = await serve(() => {
      asked += 1;
      return 200;
    });
    const watched = watch(check(port), { ports: [port] });
    await pause(50);
    expect([asked, watched.ready]).toEqual([0, 0]);
    watched.waits.get(port)?.();
    await eventually(() => watched.ready === 1, 'ready');
  });

  it('asks no longer when its run has ended', async () => {
    let asked = 0;
    const watched = watch(
      check(
        await serve(() => {
          asked += 1;
          return 500;
        }),
      ),
    );
    await eventually(() => asked > 1, 'it asks');
    watched.undo();
    const before = asked;
    await pause(100);
    expect(asked - before).toBeLessThanOrEqual(1);
  });
});

describe('command', () => {
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'upkeep-ready-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }
  const check = (command: string) => ({ kind: 'command', command, interval: 10 }) as const;

  it('is asked in the folder and environment of the service until it succeeds', async () => {
    const cwd = folder();
    const watched = watch(check('touch asked; test "$A" = b && test -e go'), { cwd, env: { A: 'b' } });
    await eventually(() => existsSync(join(cwd, 'asked')), 'it is asked');
    expect(watched.ready).toBe(0);
    writeFileSync(join(cwd, 'go'), '');
    await eventually(() => watched.ready === 1, 'ready');
  });

  it('that hangs is ended with its run', async () => {
    const cwd = folder();
    const watched = watch(check('echo $$ >pid; exec sleep 1000'), { cwd });
    const pid = await eventually(async () => {
      const { readFileSync } = await import('node:fs');
      return Number(readFileSync(join(cwd, 'pid'), 'utf8'));
    }, 'its pid');
    watched.undo();
    await eventually(() => {
      try {
        return process.kill(pid, 0) && false;
      } catch {
        return true;
      }
    }, 'its end');
    expect(watched.ready).toBe(0);
  });
});

/** A server that answers with this status; returns its port. */
async function serve(status: number | (() => number)): Promise<number> {
  const server = createServer((_request, response) => {
    response.writeHead(typeof status === 'number' ? status : status()).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
