/** One run of a program to its end, watched from outside. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. @throws Error with both outputs when it is none. */
  json<T = unknown>(): T;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly done: Promise<CommandResult>;
  /** All of stdout so far. */
  stdout(): string;
  stderr(): string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** ms after which it is killed and the result has signal SIGKILL. */
  readonly timeout: number;
}

export function begin(argv: readonly string[], { cwd, env, timeout }: CommandOptions): RunningCommand {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  const done = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    // Not 'close': a daemon that wrongly kept our pipes open would look like a command that never returns,
    // which the test of exactly that finds by `heldOpen`.
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      const finish = () => resolve(result(code, signal, stdout, stderr));
      const patience = setTimeout(finish, 500);
      child.once('close', () => {
        clearTimeout(patience);
        finish();
      });
    });
  });
  return { child, done, stdout: () => stdout, stderr: () => stderr };
}

function result(
  code: number | null,
  signal: NodeJS.Signals | null,
  stdout: string,
  stderr: string,
): CommandResult {
  const json = <T>(): T => {
    try {
      return JSON.parse(stdout) as T;
    } catch {
      throw new Error(`no JSON on stdout (exit ${code ?? signal}):\n${stdout}\nstderr:\n${stderr}`);
    }
  };
  return { code, signal, stdout, stderr, json };
}
