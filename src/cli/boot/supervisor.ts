/** systemd or launchd, told by its own command. */
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import type { BootAgent } from '../../boot/agent.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';

export interface Told {
  /** Null: there is no such program. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export type Tell = (program: string, args: string[]) => Told;

/** ms: a bus that does not answer is as good as none. */
const PATIENCE = 20_000;

export const tell: Tell = (program, args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: PATIENCE });
  if (error !== undefined) return { code: null, stdout: '', stderr: error.message };
  return { code: status ?? ExitCode.failed, stdout: stdout.trim(), stderr: stderr.trim() };
};

/** Why nobody is there who would start it, and what to do about that; null: somebody is. */
export interface Obstacle {
  text: string;
  mend: string;
}

export function obstacle({ kind }: BootAgent, tell: Tell): Obstacle | null {
  const [program, args] =
    kind === 'systemd'
      ? (['systemctl', ['--user', 'show', '--property=Version']] as const)
      : (['launchctl', ['managername']] as const);
  const { code, stderr } = tell(program, [...args]);
  if (code === 0) return null;
  if (code === null)
    return {
      text: `${kind} is not here: the program ${program} cannot be run`,
      mend: 'Where something else starts the machine (a container, WSL without systemd), have that run "upkeep start"',
    };
  return {
    text: `${kind} does not run for you here: ${program} says: ${stderr.split('\n')[0]?.replace(/\.$/, '') ?? ''}`,
    mend: 'Log in as yourself (not by su or sudo), so that your own systemd runs. A container has none: have what starts it run "upkeep start"',
  };
}

/** Before anything is written. Throws UserError when nobody is there who would start it. */
export function requireSupervisor(agent: BootAgent, tell: Tell): void {
  const found = obstacle(agent, tell);
  if (found !== null) throw new UserError(ExitCode.failed, `${found.text}.`, `${found.mend}.`);
}

/** Its file was written. Throws UserError, with what was said. */
export function enable({ kind, name }: BootAgent, tell: Tell): void {
  if (kind === 'launchd') return void tell('launchctl', ['enable', `gui/${userInfo().uid}/${name}`]);
  insist(tell, 'systemctl', ['--user', 'daemon-reload']);
  insist(tell, 'systemctl', ['--user', 'enable', name]);
}

/** Its file is gone; where nobody answers, nobody knew of it. */
export function forget({ kind }: BootAgent, tell: Tell): void {
  if (kind === 'systemd') tell('systemctl', ['--user', 'daemon-reload']);
}

/** What the supervisor itself says; null where it does not answer. */
export function isEnabled({ kind, name }: BootAgent, tell: Tell): boolean | null {
  // An agent in that folder is loaded at each login.
  if (kind === 'launchd') return true;
  const { code, stdout } = tell('systemctl', ['--user', 'is-enabled', name]);
  if (stdout === '') return code === 0 ? true : null;
  return stdout === 'enabled';
}

/** Whether services run without anybody logged in; null where that is not told, or cannot be. */
export function lingers({ kind }: BootAgent, tell: Tell): boolean | null {
  if (kind === 'launchd') return null;
  const { code, stdout } = tell('loginctl', ['show-user', userInfo().username, '--property=Linger']);
  if (code !== 0) return null;
  return stdout === 'Linger=yes';
}

function insist(tell: Tell, program: string, args: string[]): void {
  const { code, stdout, stderr } = tell(program, args);
  if (code === 0) return;
  throw new UserError(
    ExitCode.failed,
    `"${program} ${args.join(' ')}" failed: ${stderr || stdout || `exit ${code}`}`,
    'Mend that, then run this again; "upkeep boot status" tells what is so.',
  );
}
