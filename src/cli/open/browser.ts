/** Opening a link in the person's browser. */
import { spawn } from 'node:child_process';

/** The program that does it here; null: there is no screen, or it is another machine's. Pure. */
export function opener(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (platform === 'darwin') return env['SSH_CONNECTION'] === undefined ? 'open' : null;
  const hasScreen = [env['DISPLAY'], env['WAYLAND_DISPLAY']].some(
    (each) => each !== undefined && each !== '',
  );
  return hasScreen && env['SSH_CONNECTION'] === undefined ? 'xdg-open' : null;
}

/** ms after which a program that has not ended is taken for the browser itself. */
const PATIENCE = 2000;

/** False when it could not be. */
export function openBrowser(
  url: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<boolean> {
  const program = opener(env, platform);
  if (program === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(program, [url], { detached: true, stdio: 'ignore' });
    const settle = (opened: boolean) => {
      clearTimeout(timer);
      child.unref();
      resolve(opened);
    };
    // xdg-open(1) ends when it has handed the link over; some browsers stay its child.
    const timer = setTimeout(() => settle(true), PATIENCE);
    child.once('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
  });
}
