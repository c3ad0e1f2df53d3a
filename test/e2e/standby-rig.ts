/** A server with a process on standby, and how a test sees that one waits. */
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonPoint } from '../../src/platform/reach.ts';
import type { ProcessInfo } from '../rig/processes.ts';
import type { Rig, RigService } from '../rig/rig.ts';
import { FILE, servedWeb, type Web } from './seamless-rig.ts';

/** Answers with what it can see of how it came to be. */
export function tellingServer(version: string): string {
  return `import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
const env = (text) => text.split('\\n').filter((line) => line.includes('STANDBY') || line.startsWith('UPKEEP_RUN='));
const told = JSON.stringify({
  version: '${version}',
  pid: process.pid,
  own: env(Object.entries(process.env).map((pair) => pair.join('=')).join('\\n')),
  child: env(execFileSync('env', { encoding: 'utf8' })),
  execArgv: process.execArgv,
});
console.log('${version} begins');
const server = createServer((request, response) => response.end(told));
if (process.env.PORT) server.listen(Number(process.env.PORT));
`;
}

export interface Told {
  version: string;
  pid: number;
  own: string[];
  child: string[];
  execArgv: string[];
}

/** The Node process of the workspace that reads the FIFO of a folder that no run has; null: none waits. */
export function waiting(rig: Rig): ProcessInfo | null {
  // A child of the daemon has what that has open, until it is another program: in execve(2) it has no command line first.
  const waits = (pid: number) => holds(pid, '/standby') && isProgram(pid) && holds(pid, '/standby');
  return rig.processes().find(({ pid }) => waits(pid)) ?? null;
}

/** One that has come so far as to wait. */
export async function untilWaits(rig: Rig): Promise<ProcessInfo> {
  return (await rig.eventually(() => waiting(rig), 'a process waits', { within: 30_000 })) as ProcessInfo;
}

export async function servedOnStandby(
  service: Partial<RigService> = {},
  others: Record<string, RigService> = {},
): Promise<Web> {
  const web = await servedWeb({
    text: tellingServer('v1'),
    prepare: (rig) => {
      mkdirSync(points(rig));
      rig.env['UPKEEP_FAULTS'] = points(rig);
      rig.write('package.json', JSON.stringify({ scripts: { serve: `node ${FILE}` } }));
      rig.write('.env', '');
    },
    service: { standby: true, watch: { quiet: 50 }, ...service },
    others,
  });
  await web.load.stop();
  return web;
}

/** Its daemon is killed when it comes to this point. */
export function arm(rig: Rig, point: DaemonPoint): void {
  writeFileSync(join(points(rig), point), 'KILL');
}

function points(rig: Rig): string {
  return join(rig.runtimeDir, 'points');
}

export async function ask(web: Web): Promise<Told> {
  const response = await fetch(`http://127.0.0.1:${web.port}/`, { headers: { connection: 'close' } });
  return (await response.json()) as Told;
}

/** What runs the server's file: its runs, and what waits. */
export function serversOf(rig: Rig): ProcessInfo[] {
  return rig.processes().filter(({ command }) => command.endsWith(`node ${FILE}`));
}

function holds(pid: number, ending: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      readlinkSync(`/proc/${pid}/fd/${fd}`).endsWith(ending),
    );
  } catch {
    return false;
  }
}

/** It runs a program of its own, not yet or no longer the daemon's. */
function isProgram(pid: number): boolean {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return command !== '' && !command.includes('daemon.cjs');
}
