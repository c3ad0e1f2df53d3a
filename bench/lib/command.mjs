// Running a command and timing it.
import { spawn, spawnSync } from 'node:child_process';

/** Wall-clock ms from spawn to exit, timed without an event loop in between. Throws when the command fails. */
export function timeSync(argv, { cwd, env }) {
  const began = performance.now();
  const { status, signal, error } = spawnSync(argv[0], argv.slice(1), { cwd, env, stdio: 'ignore' });
  const took = performance.now() - began;
  if (error !== undefined || status !== 0) throw new Error(`${argv.join(' ')}: ${error ?? signal ?? status}`);
  return took;
}

/** Resolves with what it printed; rejects with it when the exit code is not 0. */
export function run(argv, { cwd, env, timeout = 120_000 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const add = (chunk) => {
      text += chunk;
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.once('error', reject);
    // Not `close`: what a command leaves running may hold its output.
    child.once('exit', (code, signal) => {
      child.stdout.destroy();
      child.stderr.destroy();
      if (code === 0) resolve(text);
      else reject(new Error(`${argv.join(' ')} ended with ${code ?? signal}:\n${text}`));
    });
  });
}
