/**
 * What is true now, from files and the kernel alone: the daemon's snapshot says what it knows, /proc says
 * what lives. Works the same when the daemon is dead, and costs it nothing when it is not.
 */

import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import type { ParkReason, StateName } from '../contract/facts.ts';
import type { ProcessId } from '../contract/process-id.ts';
import type { ServiceSnapshot, Snapshot } from '../contract/snapshot.ts';
import type { ServiceStatus, StatusReport } from '../contract/status.ts';
import { readJson } from '../platform/files.ts';
import { workspacePaths } from '../platform/paths.ts';
import { isOpen, silentPorts, socketsOn, systemPorts } from '../platform/ports.ts';
import { type ProcessInfo, systemProcesses } from '../platform/proc.ts';
import { treeOf } from '../process/tree.ts';
import { cpuShare, type Sample, type Usage } from './cpu-share.ts';
import { findDaemon } from './find-daemon.ts';

/**
 * Null when no daemon ever ran here: there is nothing but the configuration to tell of.
 * `daemon`: as it was just found, for who knows already.
 */
export function readReport(
  root: string,
  processes = systemProcesses(),
  daemon = findDaemon(root, processes),
): StatusReport | null {
  const paths = workspacePaths(root);
  const snapshot = readSnapshot(paths.snapshot);
  if (snapshot === null) return null;
  const all = processes.all();
  const sameBoot = snapshot.boot === processes.bootId();
  const told = snapshot.services.flatMap(({ listening }) => (isTraced(listening) ? [] : (listening ?? [])));
  const silent = sameBoot ? silentPorts(systemPorts(), told) : new Set<number>();
  const usage = new Map<string, Usage>();
  const services = snapshot.services.map((service) => {
    const tree = sameBoot ? treeNow(all, service) : [];
    const alive = sameBoot && service.process !== null && isAmong(all, service.process);
    if (alive) usage.set(service.name, usageOf(tree, service));
    return toStatus(service, { alive, sameBoot, tree, silent, snapshot });
  });
  const shares = shareOut(`${paths.own}/usage.json`, usage);
  for (const service of services) service.cpu = shares.get(service.name) ?? null;
  const running = daemon.kind === 'running';
  return {
    workspace: root,
    daemon: running
      ? { pid: daemon.record.process.pid, version: daemon.record.version, startedAt: daemon.record.startedAt }
      : null,
    services,
    notes: running ? snapshot.notes : [],
  };
}

function isAmong(all: Map<number, ProcessInfo>, { pid, start }: ProcessId): boolean {
  const info = all.get(pid);
  return info?.start === start && !info.zombie;
}

/** Whether the very socket is still open: then the tables need not be read. Not for one that was moved, to a child say. */
function isTraced(listening: ServiceSnapshot['listening']): boolean {
  return listening?.trace != null && isOpen(listening.trace);
}

function readSnapshot(path: string): Snapshot | null {
  const value = readJson(path) as Snapshot | null;
  const isWhole =
    Array.isArray(value?.services) && value.services.every((each) => typeof each?.state?.kind === 'string');
  return isWhole ? value : null;
}

interface Truth {
  alive: boolean;
  sameBoot: boolean;
  tree: ProcessInfo[];
  /** Ports that were listened on, and are not now. */
  silent: Set<number>;
  snapshot: Snapshot;
}

function toStatus(service: ServiceSnapshot, truth: Truth): ServiceStatus {
  const { state } = service;
  const port = service.listening?.port;
  const isDeaf = state.kind === 'ready' && truth.alive && port !== undefined && truth.silent.has(port);
  const name = stateNow(service, truth);
  return {
    name: service.name,
    state: name,
    wanted: service.wanted ? 'up' : 'down',
    ready: name === 'ready' && !isDeaf,
    pid: truth.alive ? (service.process?.pid ?? null) : null,
    ports: service.ports,
    url: service.url,
    run: runOf(service),
    startedAt: truth.alive && service.startedAt !== null ? new Date(service.startedAt).toISOString() : null,
    restarts: service.restarts,
    cpu: null,
    memory: truth.alive ? truth.tree.reduce((sum, info) => sum + info.memory, 0) : null,
    cause: service.lastCause,
    exit: service.lastExit,
    groups: service.groups,
    description: service.description,
    reason: state.kind === 'crashed' ? reasonNow(state.reason) : null,
    waitingFor: service.waitingFor,
    retryAt: state.kind === 'backoff' ? toIso(state.until, truth.snapshot) : null,
    configChanged: service.configChanged,
    mode: service.mode ?? 'plain',
    modeReason: service.modeReason ?? null,
    unheld: ('unheld' in state ? state.unheld : null) ?? service.elsewhere ?? null,
    editFailed: failedEditOf(state),
    successor: successorOf(state),
    // An earlier version's daemon does not know of such.
    draining: (service.retiring as ServiceSnapshot['retiring'] | undefined)?.map(({ run }) => run) ?? [],
    watching: service.watching ?? { kind: 'off' },
    notes: [...service.notes, ...(isDeaf ? [`nothing listens on port ${port} any more`] : [])],
  };
}

/** The run that serves, whatever was launched beside it; else the last one. */
function runOf({ state, lastRun }: ServiceSnapshot): number | null {
  if ('run' in state) return state.run;
  return lastRun === 0 ? null : lastRun;
}

function successorOf(state: ServiceSnapshot['state']): ServiceStatus['successor'] {
  if (state.kind !== 'ready' || state.successor == null) return null;
  return { run: state.successor.run, cause: state.successor.cause };
}

function failedEditOf(state: ServiceSnapshot['state']): ServiceStatus['editFailed'] {
  if (state.kind !== 'ready' || state.failedEdit == null) return null;
  const { run, cause, exit, message } = state.failedEdit;
  return { run, cause, exit, message };
}

/** The daemon's word, unless the process that it speaks of is gone. */
function stateNow(service: ServiceSnapshot, { alive, sameBoot }: Truth): StateName {
  const { kind } = service.state;
  if (kind === 'waiting') return sameBoot ? 'starting' : 'stopped';
  if (!('run' in service.state)) return sameBoot || kind !== 'backoff' ? kind : 'stopped';
  // A run that was just launched has not yet said who it is.
  if (alive || (sameBoot && service.process === null)) return kind;
  return sameBoot && service.wanted ? 'exited' : 'stopped';
}

/** Who had its port may have ended since. */
function reasonNow(reason: ParkReason): ParkReason {
  if (reason.kind !== 'port-taken' || reason.listens === false) return reason;
  return socketsOn(systemPorts(), reason.port).size > 0 ? reason : { ...reason, isFree: true };
}

function treeNow(all: Map<number, ProcessInfo>, service: ServiceSnapshot): ProcessInfo[] {
  const { process: leader, shim, standby } = service;
  if (leader === null) return [];
  const wrapper = all.get(leader.pid)?.ppid;
  return treeOf(all, {
    leader,
    shim,
    others: standby == null ? [] : [standby],
    wrappers: new Set(wrapper === undefined ? [] : [wrapper]),
    marked: new Set(),
    before: null,
  });
}

function usageOf(tree: ProcessInfo[], service: ServiceSnapshot): Usage {
  return {
    run: service.lastRun,
    cpu: tree.reduce((sum, info) => sum + info.cpu, 0),
    since: service.startedAt ?? 0,
  };
}

/** Never through a link: root looks at other users' workspaces, too. Throws what the file system throws. */
function overwrite(path: string, text: string): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** CPU is a share of time, so it takes two looks; the last one is kept in a file. */
function shareOut(path: string, usage: Map<string, Usage>): Map<string, number> {
  const now = Date.now();
  const { shares, next } = cpuShare(readJson(path) as Sample | null, {
    at: now,
    services: Object.fromEntries(usage),
  });
  try {
    // Not atomic, that takes five times as long: who reads half of it has the shares since the start.
    if (next !== null) overwrite(path, JSON.stringify(next));
  } catch {
    // Nobody can write here (another user, a full disk): the shares are then since the start.
  }
  return shares;
}

function toIso(monotonic: number, { written }: Snapshot): string {
  return new Date(written.wall + monotonic - written.now).toISOString();
}
