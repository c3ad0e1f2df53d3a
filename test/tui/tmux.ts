/** A terminal with a screen, that a test types into and looks at: tmux, with a server of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Rig } from '../rig/rig.ts';

/** The tests of the terminal UI need it; `.ci/run` installs it. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0;

export interface Tmux {
  /** Key names of tmux (`Enter`, `C-c`, `PageUp`); a single character is itself. */
  press(...keys: string[]): void;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** What stands on the screen, row by row. */
  rows(): string[];
  /** The same as one text, once it holds this. */
  shows(what: string | RegExp, within?: number): Promise<string>;
  /** Once it does not. */
  hides(what: string | RegExp): Promise<string>;
  /** With colours, as control sequences. */
  coloured(): string;
  /** Pid of the shell. */
  shell: number;
  /** What tmux knows of the pane, by its format. */
  ask(format: string): string;
  close(): void;
}

/** A shell in the rig's workspace. `env`: beyond the rig's own. */
export function openTmux(rig: Rig, columns: number, rows: number, env: Record<string, string> = {}): Tmux {
  const socket = join(rig.runtimeDir, '..', `tmux-${Math.random().toString(36).slice(2)}`);
  const all = { ...rig.env, PS1: 'prompt> ', ...env };
  const tmux = (...words: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { env: all, encoding: 'utf8' });
  tmux(
    ...['new-session', '-d', '-s', 'main', '-x', String(columns), '-y', String(rows), '-c', rig.workspace],
    'exec bash --noprofile --norc -i',
  );
  const ask = (format: string) => tmux('display-message', '-p', '-t', 'main', format).trim();
  const screen = () => tmux('capture-pane', '-p', '-t', 'main');
  const matches = (text: string, what: string | RegExp) =>
    typeof what === 'string' ? text.includes(what) : what.test(text);
  const until = (wanted: boolean, what: string | RegExp, within = 15_000) =>
    rig
      .eventually(() => matches(screen(), what) === wanted && screen(), `${what} on the screen: ${wanted}`, {
        within,
        diagnose: async () => `screen:\n${screen()}\n${await rig.diagnosis()}`,
      })
      .then((text) => text as string);
  const opened: Tmux = {
    press: (...keys) => void tmux('send-keys', '-t', 'main', ...keys),
    type: (text) => void tmux('send-keys', '-t', 'main', '-l', text),
    resize: (width, height) =>
      void tmux('resize-window', '-t', 'main', '-x', String(width), '-y', String(height)),
    rows: () => screen().replace(/\n$/, '').split('\n'),
    shows: (what, within) => until(true, what, within),
    hides: (what) => until(false, what),
    coloured: () => tmux('capture-pane', '-p', '-e', '-t', 'main'),
    shell: Number(ask('#{pane_pid}')),
    ask,
    close: () => void spawnSync('tmux', ['-S', socket, 'kill-server']),
  };
  onTestFinished(opened.close);
  return opened;
}
