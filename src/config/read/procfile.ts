/** A bare Procfile as configuration: `name: command` a line, `#` for comments. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { syntaxError } from '../problems.ts';
import type { Input, Source } from './source.ts';

/** What Heroku runs before a release is used: it comes to an end. */
export const RELEASE = 'release';

export interface ProcfileEntry {
  name: string;
  command: string;
  line: number;
}

/** Throws UserError that tells of every line that is neither. */
export function parseProcfile(text: string, shown: string): ProcfileEntry[] {
  const entries = new Map<string, ProcfileEntry>();
  const mistakes: UserError[] = [];
  text.split(/\r?\n/).forEach((source, index) => {
    const line = index + 1;
    const trimmed = source.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const [, name, command] =
      /^([^:\s][^:]*?)\s*:\s+(.+)$/.exec(trimmed) ?? /^([^:\s]+):(.+)$/.exec(trimmed) ?? [];
    if (name === undefined || command === undefined) {
      mistakes.push(syntaxError(shown, { line, column: 1 }, 'expected "name: command"'));
      return;
    }
    const first = entries.get(name);
    if (first === undefined) entries.set(name, { name, command, line });
    else
      mistakes.push(
        syntaxError(shown, { line, column: 1 }, `"${name}" stands on line ${first.line} already`),
      );
  });
  if (mistakes.length > 0)
    throw new UserError(ExitCode.config, mistakes.map(({ message }) => message).join('\n'));
  return [...entries.values()];
}

/** Every service gets the `.env` beside the Procfile, as foreman does it; ports are not given out. */
export function readProcfile({ file, shown, text }: Input): Source {
  const entries = parseProcfile(text, shown);
  const env = join(dirname(file), '.env');
  const services = Object.fromEntries(
    entries.map(({ name, command }) => [name, name === RELEASE ? { command, restart: 'never' } : command]),
  );
  return {
    value: existsSync(env) ? { defaults: { envFile: env }, services } : { services },
    files: [file],
    lineOf: ([, name]) => entries.find((entry) => entry.name === name)?.line ?? null,
  };
}
