/** What the machine is to run when it comes up: this workspace's guard, in the foreground, and by which environment. */

export interface BootStart {
  /** Absolute paths, all of them. */
  guard: string;
  lock: string;
  node: string;
  daemon: string;
  workspace: string;
  /** What a session at boot does not have, and services need. */
  env: Record<string, string>;
}

/** POSIX has no fixed place for it; Linux and macOS have it here, and systemd wants an absolute path. */
const SHELL = '/bin/sh';
/** As guard.sh knows it. */
const MODE = 'boot';

export function argvOf({ guard, lock, node, daemon, workspace }: BootStart): string[] {
  return [SHELL, guard, lock, node, daemon, workspace, MODE];
}

/** Null when the words are not ours. */
export function startOf(argv: readonly string[], env: Record<string, string>): BootStart | null {
  const [shell, guard, lock, node, daemon, workspace, mode, ...rest] = argv;
  if (shell !== SHELL || mode !== MODE || rest.length > 0) return null;
  if (guard === undefined || lock === undefined || node === undefined) return null;
  if (daemon === undefined || workspace === undefined) return null;
  return { guard, lock, node, daemon, workspace, env };
}
