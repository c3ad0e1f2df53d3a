/** While a daemon runs that a terminal started, the machine's supervisor stands by: it takes over when daemon and guard are killed. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { childProcess } from '../platform/lazy-builtin.ts';
import { bootAgent } from './agent.ts';

/** Nothing happens where boot is not enabled. Never waits, never fails. */
export function standBy(root: string): void {
  const { kind, name, file } = bootAgent(root);
  if (!existsSync(file)) return;
  const argv =
    kind === 'systemd'
      ? ['systemctl', '--user', '--no-block', 'start', name]
      : ['launchctl', 'bootstrap', `gui/${userInfo().uid}`, file];
  const child = childProcess().spawn(argv[0] ?? '', argv.slice(1), {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  });
  child.on('error', () => undefined);
  child.unref();
}
