/**
 * A real terminal with a shell in it, that a test types into and closes. The pty comes from script(1) of
 * util-linux, or from python3. Killing its holder closes the master side, and the kernel then hangs the
 * terminal up (SIGHUP to the session), just as when a window is closed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.ts';

export class Terminal {
  private text = '';
  private readonly closed: Promise<void>;
  private readonly holder: ChildProcess;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    const shell = findProgram('bash') ? 'bash --noprofile --norc -i' : 'sh -i';
    const [program = '', ...rest] = holderOf(`stty cols 100 rows 40; exec ${shell}`);
    this.holder = spawn(program, rest, {
      cwd,
      env: { ...env, TERM: 'xterm-256color', PS1: 'prompt> ', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.holder.stdin?.on('error', () => {});
    this.holder.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk;
    });
    this.closed = new Promise((resolve) => this.holder.once('exit', () => resolve()));
  }

  /** All that the terminal has shown, control sequences included. */
  get output(): string {
    return this.text;
  }

  type(line: string): void {
    this.holder.stdin?.write(`${line}\n`);
  }

  /** Runs a line in the shell, and returns its exit code and what it showed. */
  async run(line: string, within = 30_000): Promise<{ code: number; output: string }> {
    const from = this.text.length;
    // The typed line is echoed: the mark must not be in it as it will be printed.
    this.type(`${line}; printf 'ended:%s\\n' "$?"`);
    const code = await eventually(() => this.text.slice(from).match(/ended:(\d+)/), `the end of: ${line}`, {
      within,
      diagnose: async () => `terminal:\n${this.text}`,
    });
    return { code: Number(code[1]), output: this.text.slice(from, from + (code.index ?? 0)) };
  }

  /** Closes the window. */
  async close(): Promise<void> {
    if (this.holder.exitCode === null && this.holder.signalCode === null) this.holder.kill('SIGKILL');
    await this.closed;
  }
}

function holderOf(command: string): string[] {
  if (findProgram('script')) return ['script', '-qec', command, '/dev/null'];
  if (findProgram('python3')) {
    return ['python3', '-c', 'import pty, sys; pty.spawn(sys.argv[1:])', 'sh', '-c', command];
  }
  throw new Error('tests with a terminal need script (util-linux) or python3');
}

function findProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
