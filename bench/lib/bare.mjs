// The baseline: a process that nobody supervises, its output in a file.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Starts `argv` with stdout and stderr in `output`; the undo kills it and waits until it is gone. */
export function startBare(argv, { cwd, env, output }) {
  const file = openSync(output, 'a');
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', file, file] });
  closeSync(file);
  const ended = new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });
  return {
    pid: child.pid,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
