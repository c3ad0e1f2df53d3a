/** What is wrong in a configuration, and how it is told. */
import { ExitCode, UserError } from '../contract/exit-codes.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  /** Where in the value; empty: the whole. */
  path: Path;
  message: string;
  hint?: string | undefined;
}

/** The 1-based line on which the value of a path (or its nearest existing parent) is written, or null. */
export type LineOf = (path: Path) => number | null;

/** `services.api.ports[0]`, `services["my api"].port`. */
export function keyText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\p{L}\p{N}_$-]+$/u.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** All problems of one file as one error: a line each, `file:line: key: what (hint)`, in the order of the file. */
export function problemsError(file: string, problems: readonly Problem[], lineOf: LineOf): UserError {
  const placed = problems.map((problem) => ({ problem, line: lineOf(problem.path) }));
  placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return new UserError(
    ExitCode.config,
    placed.map(({ problem, line }) => problemText(file, line, problem)).join('\n'),
  );
}

function problemText(file: string, line: number | null, { path, message, hint }: Problem): string {
  const place = line === null ? file : `${file}:${line}`;
  const key = path.length === 0 ? '' : `${keyText(path)}: `;
  return `${place}: ${key}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** A file that cannot be read as what it is: `file:line:column: message`. */
export function syntaxError(
  file: string,
  at: { line: number; column: number } | null,
  message: string,
  hint: string | null = null,
): UserError {
  const place = at === null ? file : `${file}:${at.line}:${at.column}`;
  return new UserError(ExitCode.config, `${place}: ${message}`, hint);
}
