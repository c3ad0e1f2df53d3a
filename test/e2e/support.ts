/** What black-box tests look at besides the CLI: the files that Upkeep leaves, and the ports of its services. */
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { DaemonRecord } from '../../src/contract/daemon-record.ts';
import type { StateName } from '../../src/contract/facts.ts';
import { JournalEntry } from '../../src/contract/journal.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { isAlive, lookUp, type ProcessInfo } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';

/** The daemon's process as `.upkeep/daemon.json` names it; null when that process does not live. */
export function daemonOf(rig: Rig): ProcessInfo | null {
  try {
    const { pid } = DaemonRecord.parse(JSON.parse(rig.read('.upkeep/daemon.json'))).process;
    return isAlive(pid) ? lookUp(pid) : null;
  } catch {
    return null;
  }
}

/** The daemon, which must be there. */
export function livingDaemon(rig: Rig): ProcessInfo {
  const daemon = daemonOf(rig);
  if (!daemon) throw new Error('no daemon lives');
  return daemon;
}

/** Every daemon process of the rig's workspace: there may be one at most. */
export function daemonsOf(rig: Rig): ProcessInfo[] {
  const named = rig
    .processes()
    .filter((info) => /daemon\.cjs/.test(info.command) && !/guard\.sh/.test(info.command));
  // What it starts has its command line too, until that is executed.
  return named.filter(({ ppid }) => !named.some(({ pid }) => pid === ppid));
}

/** The process that brings the daemon back: its parent. */
export function guardOf(daemon: ProcessInfo): ProcessInfo {
  const guard = lookUp(daemon.ppid);
  if (!guard || guard.pid === 1) throw new Error('the daemon has no guard');
  return guard;
}

/** Waits until a daemon lives that is not this one. */
export function nextDaemon(rig: Rig, before: ProcessInfo): Promise<ProcessInfo> {
  return rig.eventually(() => {
    const daemon = daemonOf(rig);
    return daemon !== null && daemon.pid !== before.pid && daemon;
  }, 'another daemon') as Promise<ProcessInfo>;
}

export function journalOf(rig: Rig): JournalEntry[] {
  const lines = rig.read('.upkeep/journal.jsonl').split('\n');
  return lines.filter((line) => line !== '').map((line) => JournalEntry.parse(JSON.parse(line)));
}

/** Entries of one kind, about one service if it is named. */
export function entriesOf<Kind extends JournalEntry['kind']>(
  rig: Rig,
  kind: Kind,
  service?: string,
): Extract<JournalEntry, { kind: Kind }>[] {
  return journalOf(rig).filter(
    (entry): entry is Extract<JournalEntry, { kind: Kind }> =>
      entry.kind === kind && (service === undefined || ('service' in entry && entry.service === service)),
  );
}

/** The visible log, empty when there is none. */
export function logOf(rig: Rig, name: string): string {
  try {
    return rig.read('.server-logs', `${name}.log`);
  } catch {
    return '';
  }
}

/**
 * Waits for a state, and returns the status in which it was seen.
 * `ready`: one run alone, none on its way and none that still drains.
 */
export function untilState(rig: Rig, name: string, state: StateName): Promise<ServiceStatus> {
  return rig.eventually(async () => {
    const status = await rig.service(name);
    const isAlone = status.successor === null && status.draining.length === 0;
    return status.state === state && (state !== 'ready' || isAlone) && isUpToDate(rig, status) && status;
  }, `${name} is ${state}`) as Promise<ServiceStatus>;
}

/** What happens stands in the journal at once, and in the status a moment later. */
function isUpToDate(rig: Rig, { name, run }: ServiceStatus): boolean {
  if (!existsSync(rig.path('.upkeep/journal.jsonl'))) return true;
  const newest = entriesOf(rig, 'run-started', name).at(-1)?.run ?? 0;
  const isOver = (['run-ended', 'not-begun'] as const)
    .flatMap((kind) => entriesOf(rig, kind, name))
    .some((entry) => entry.run === newest);
  return isOver || newest <= (run ?? 0);
}

/** So many processes of that name have announced themselves so far, and no more. */
export async function expectRuns(rig: Rig, name: string, count: number): Promise<void> {
  await rig.eventually(() => rig.invocations(name).length >= count, `${count} runs of ${name}`);
  expect(rig.invocations(name)).toHaveLength(count);
}

/** Pid of the server that answers on the port. @throws when nobody does. */
export async function answeringPid(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return ((await response.json()) as { pid: number }).pid;
}

export function numberedLines(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}
