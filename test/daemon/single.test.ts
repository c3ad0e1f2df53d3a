import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ProcessId } from '../../src/contract/process-id.ts';
import { claim, unclaim } from '../../src/daemon/single.ts';
import { systemProcesses } from '../../src/platform/proc.ts';

const processes = systemProcesses();
const idOf = (pid: number): ProcessId => ({ pid, start: processes.get(pid)?.start ?? 0 });
const mine = idOf(process.pid);
const theirs = idOf(process.ppid);
let own: string;
let socket: string;
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'upkeep-claim-'));
  socket = join(own, 'a.sock');
});
afterEach(() => rmSync(own, { recursive: true, force: true }));

it('is had by one at a time', async () => {
  expect(await claim(own, socket, mine, processes)).toBe(true);
  expect(await claim(own, socket, theirs, processes)).toBe(false);
  unclaim(own, mine, processes);
  expect(await claim(own, socket, theirs, processes)).toBe(true);
});

it('is never had by two that come at once', async () => {
  const had = await Promise.all([claim(own, socket, mine, processes), claim(own, socket, theirs, processes)]);
  expect(had.filter((each) => each).length).toBeLessThan(2);
});

it('of a process that is dead, or of another with its pid, counts for nothing', async () => {
  writeFileSync(join(own, 'claim-4194999-5'), '');
  writeFileSync(join(own, `claim-${theirs.pid}-${theirs.start + 1}`), '');
  expect(await claim(own, socket, mine, processes)).toBe(true);
  expect(readdirSync(own)).toEqual([
    `claim-${mine.pid}-${mine.start}-${processes.bootId().replaceAll('-', '')}`,
  ]);
});

it('of an earlier boot counts for nothing, whoever has that pid and start time now', async () => {
  writeFileSync(join(own, `claim-${theirs.pid}-${theirs.start}-otherboot`), '');
  expect(await claim(own, socket, mine, processes)).toBe(true);
});

it('is not given while somebody listens on the socket, whose claim was removed', async () => {
  const server = createServer().listen(socket);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await claim(own, socket, mine, processes)).toBe(false);
  expect(readdirSync(own)).toEqual(['a.sock']);
});
