/** Everything that helps to see why a test failed, in one text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from './command.ts';
import { describe, type ProcessInfo } from './processes.ts';

const LAST_LINES = 15;

/** `askStatus` may hang or fail: its caller bounds it. */
export async function diagnose(
  workspace: string,
  processes: readonly ProcessInfo[],
  askStatus: () => Promise<CommandResult>,
): Promise<string> {
  const own = join(workspace, '.upkeep');
  const status = await askStatus().then(
    (result) => `exit ${result.code ?? result.signal}\n${result.stdout}${result.stderr}`,
    (error: Error) => error.message,
  );
  return [
    section('processes', processes.map(describe).join('\n')),
    section('upkeep status --json', status),
    section('daemon.json', tail(join(own, 'daemon.json'))),
    section('.server-daemon-state.json', tail(join(workspace, '.server-daemon-state.json'))),
    ...filesOf(own, /\.(log|jsonl)$/).map((file) => section(file, tail(join(own, file)))),
    ...filesOf(join(workspace, '.server-logs'), /\.log$/).map((file) =>
      section(`.server-logs/${file}`, tail(join(workspace, '.server-logs', file))),
    ),
  ].join('\n');
}

function section(title: string, text: string): string {
  return `--- ${title}\n${text.trimEnd() || '(nothing)'}`;
}

function filesOf(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  } catch (error) {
    return (error as Error).message;
  }
}
