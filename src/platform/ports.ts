/** Who listens on which TCP port: /proc/net/tcp on Linux, lsof(8) elsewhere. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';

import { readProcFile } from './proc-file.ts';

export interface Ports {
  /** Every TCP port that somebody listens on, with the tokens by which `owns` recognises its sockets. */
  listening(): Map<number, Set<string>>;
  /** Whether the process holds one of these sockets. False as well when it may not be asked (another user's). */
  owns(pid: number, sockets: Set<string>): boolean;
}

export function systemPorts(): Ports {
  return process.platform === 'linux' && process.env['UPKEEP_PLATFORM'] !== 'ps' ? linuxPorts() : lsofPorts();
}

export function linuxPorts(proc = '/proc'): Ports {
  return {
    listening() {
      const found = new Map<number, Set<string>>();
      for (const table of ['tcp', 'tcp6']) {
        for (const [port, inode] of parseListeners(readProcFile(`${proc}/net/${table}`) ?? '')) {
          const sockets = found.get(port) ?? new Set();
          found.set(port, sockets.add(`socket:[${inode}]`));
        }
      }
      return found;
    },
    owns(pid, sockets) {
      try {
        return readdirSync(`${proc}/${pid}/fd`).some((fd) =>
          sockets.has(tryReadlink(`${proc}/${pid}/fd/${fd}`)),
        );
      } catch {
        return false;
      }
    },
  };
}

/** Rows of /proc/net/tcp in state 0A (TCP_LISTEN): see proc_pid_net(5). */
export function parseListeners(text: string): [port: number, inode: string][] {
  const rows: [number, string][] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] !== '0A') continue;
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
    if (Number.isInteger(port) && fields[9] !== undefined) rows.push([port, fields[9]]);
  }
  return rows;
}

/** `lsof` names the owner at once, so a socket's token is simply its owner's pid. */
function lsofPorts(): Ports {
  return {
    listening() {
      const found = new Map<number, Set<string>>();
      let pid = '';
      for (const line of runLsof().split('\n')) {
        if (line.startsWith('p')) pid = line.slice(1);
        const port = /^n.*:(\d+)$/.exec(line)?.[1];
        if (port === undefined) continue;
        found.set(Number(port), (found.get(Number(port)) ?? new Set()).add(pid));
      }
      return found;
    },
    owns: (pid, sockets) => sockets.has(String(pid)),
  };
}

function runLsof(): string {
  try {
    return execFileSync('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pn'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

function tryReadlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
