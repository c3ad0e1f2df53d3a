/** The `start` file of a run: sourced by the shim in the process that becomes the service. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Command } from '../contract/config.ts';

export interface Launch {
  command: Command;
  /** Absolute. */
  cwd: string;
  /** Added to the shim's environment. */
  env: Record<string, string>;
  /** Shell lines, read right before the command. */
  before?: string[];
}

/** Programs that stand before the command, found on this machine. */
export interface LaunchTools {
  /** Makes the run the leader of a session and process group of its own: setsid(1) or perl. */
  session: string[];
  /**
   * Gives SIGINT and SIGQUIT back their default action, which POSIX shells set to "ignored" in what they
   * start in the background: env(1) of coreutils 8.31 and later. Node does this by itself.
   */
  signals(): string[];
}

/** Names that a shell gives a meaning or refuses to set (UID in bash, OPTIND in dash), and the rest that are none to it. */
const NOT_FOR_SHELL =
  /^(?:BASH.*|E?UID|ENV|GROUPS|IFS|LINENO|OPTIND|POSIXLY_CORRECT|PPID|PS4|RANDOM|SECONDS|SHELLOPTS|SRANDOM|_)$|^\d|\W/;

export function launchScript(launch: Launch, tools: LaunchTools): string {
  const argv = 'argv' in launch.command ? launch.command.argv : ['sh', '-c', launch.command.shell];
  const entries = Object.entries(launch.env);
  const shellNames = entries.filter(([name]) => !NOT_FOR_SHELL.test(name));
  const otherNames = entries.filter(([name]) => NOT_FOR_SHELL.test(name));
  const extra =
    otherNames.length === 0 ? [] : ['env', '--', ...otherNames.map(([name, value]) => `${name}=${value}`)];
  const signals = basename(argv[0] ?? '') === 'node' ? [] : tools.signals();
  return [
    `cd ${quote(launch.cwd)} || exit 126`,
    ...shellNames.map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(launch.before ?? []),
    `exec ${[...tools.session, ...signals, ...extra, ...argv].map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/** One shell word, whatever is in it. NUL cannot be in an argument and is left out. */
export function quote(word: string): string {
  return `'${word.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}

/** Why the command cannot be run at all, in words; null when nothing speaks against it. */
export function launchProblem(launch: Launch, searchPath: string): string | null {
  if (!isFolder(launch.cwd))
    return `its folder ${launch.cwd} ${existsSync(launch.cwd) ? 'is a file' : 'does not exist'}`;
  if (!('argv' in launch.command)) return null;
  const program = launch.command.argv[0] ?? '';
  if (findProgram(program, launch.cwd, launch.env['PATH'] ?? searchPath) !== null) return null;
  return program.includes('/')
    ? `its program ${resolve(launch.cwd, program)} does not exist or is not executable`
    : `its program "${program}" is not found in PATH`;
}

/** The file that execvp(3) would run, or null. */
export function findProgram(program: string, cwd: string, searchPath: string): string | null {
  const candidates = program.includes('/')
    ? [resolve(cwd, program)]
    : searchPath
        .split(delimiter)
        .map((folder) => join(isAbsolute(folder) ? folder : join(cwd, folder), program));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
