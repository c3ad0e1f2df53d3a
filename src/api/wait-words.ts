/** What waiting came to, in words. Pure. */
import type { Problem } from '../contract/api/problem.ts';
import type { WaitedService, WaitReport } from '../contract/api/wait.ts';
import { duration } from '../contract/duration.ts';
import { explainCause } from '../contract/words.ts';

/** One paragraph, then what is known of each failure. */
export function waitWords(report: WaitReport): string {
  const { outcome, services, notes } = report;
  const whose = report.files.length === 0 ? '' : ` An edit of ${report.files.join(', ')} restarts nothing.`;
  const head =
    outcome === 'nobody'
      ? [`Concerns nobody: there is nothing to wait for.${whose}`]
      : services.map(serviceWords);
  return [...head, ...notes.map((note) => `  ${note}`)].join('\n');
}

function serviceWords(waited: WaitedService): string {
  const { service, ok, run, url, message, problem } = waited;
  const because = waited.cause === null ? '' : `: ${explainCause(waited.cause)}`;
  if (ok) return `✔ ${service} is ready (run ${run ?? '?'}${because})${url === null ? '' : `  ${url}`}`;
  const told = problem === null ? quoted(waited) : problemWords(problem);
  return [
    `✖ ${service} ${message ?? 'failed'}${because === '' ? '' : ` (it began${because})`}`,
    ...told,
  ].join('\n');
}

export function problemWords({ type, message, file, line, column, frame }: Problem): string[] {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return [
    `  ${type === null ? '' : `${type}: `}${message}`,
    ...(place === '' ? [] : [`  at ${place}`]),
    ...frame.map((row) => `  ${row}`),
  ];
}

function quoted({ run, lastLines }: WaitedService): string[] {
  if (run === null) return [];
  return lastLines.length === 0 ? ['  It printed nothing.'] : lastLines.map((line) => `  │ ${line}`);
}

/** For a terminal, after what was waited for. */
export function waitSummary({ outcome, took }: WaitReport): string | null {
  if (outcome === 'timeout') return `Gave up after ${duration(took)}.`;
  return null;
}
