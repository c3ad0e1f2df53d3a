/** From what the API tells to what a tool answers. Pure but for the frames of problems. */
import type * as z from 'zod/mini';
import { errorExcerpt } from '../api/excerpt.ts';
import { problemIn } from '../api/problem.ts';
import { problemWords } from '../api/wait-words.ts';
import type { RunsPage } from '../contract/api/history.ts';
import { paragraphsOf } from '../contract/api/paragraphs.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Outcome } from '../contract/protocol.ts';
import type { ServiceStatus, StatusReport } from '../contract/status.ts';
import { describeReason, explainCause } from '../contract/words.ts';
import type { LogLine } from '../logs/lines.ts';
import { plain } from '../logs/query.ts';
import type { CommandAnswer, LogsAnswer, StatusAnswer, WhyAnswer } from './schemas.ts';

export interface Told<T> {
  text: string;
  answer: T;
}

const LAST_LINES = 8;
/** Characters of one log line, and of all of them. */
const LONGEST_LINE = 2000;
const LARGEST = 48_000;

export function tellStatus(report: StatusReport, names: string[]): Told<z.infer<typeof StatusAnswer>> {
  const services = report.services.filter(({ name }) => names.includes(name)).map(serviceAnswer);
  const answer = {
    workspace: report.workspace,
    daemon: report.daemon === null ? ('not running' as const) : ('running' as const),
    services,
    notes: report.notes,
  };
  const lines = services.map(({ name, state, url, cause, notes }) =>
    [`${name}: ${state}`, url, cause, ...notes].filter((part) => part !== null).join('; '),
  );
  const head = report.daemon === null ? ['Nothing runs: no daemon.'] : [];
  return { text: [...head, ...lines, ...report.notes].join('\n'), answer };
}

function serviceAnswer(service: ServiceStatus) {
  const { name, state, ready, url, run, restarts, cause, reason, exit, editFailed, waitingFor } = service;
  const notes = [
    ...(reason === null ? [] : [describeReason(reason, exit)]),
    ...(editFailed === null ? [] : [`the last edit did not come to run: ${editFailed.message}`]),
    ...(waitingFor.length === 0 ? [] : [`waits for ${waitingFor.join(', ')}`]),
    ...service.notes,
  ];
  return {
    name,
    state,
    ready,
    url,
    run,
    restarts,
    cause: cause === null ? null : explainCause(cause),
    notes,
  };
}

export function tellLines(lines: LogLine[], wasCut: boolean): Told<z.infer<typeof LogsAnswer>> {
  let size = 0;
  const kept = lines
    .map(({ service, run, time, text }) => ({
      service,
      run,
      time: time === null ? null : new Date(time).toISOString(),
      text: shortened(plain(text)),
    }))
    .reverse()
    .filter(({ text }) => {
      size += text.length;
      return size <= LARGEST;
    })
    .reverse();
  const isOne = new Set(kept.map(({ service }) => service)).size < 2;
  const cut = wasCut || kept.length < lines.length;
  const text = kept.map((line) => (isOne ? line.text : `${line.service} | ${line.text}`)).join('\n');
  return {
    text: text === '' ? 'No line matches.' : `${cut ? '(earlier lines left out)\n' : ''}${text}`,
    answer: { lines: kept, cut },
  };
}

function shortened(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}… (${text.length} characters)`;
}

export function tellOutcomes(outcomes: Outcome[], root: string): Told<z.infer<typeof CommandAnswer>> {
  const services = outcomes.map(({ service, ok, state, url, message, lastLines }) => ({
    service,
    ok,
    state,
    url,
    message,
    problem: ok ? null : problemIn(lastLines, root),
    lastLines: ok ? [] : errorExcerpt(lastLines, LAST_LINES).map(plain),
  }));
  const lines = services.flatMap(({ service, ok, state, url, message, problem, lastLines }) =>
    ok
      ? [`✔ ${service} ${state}${url === null ? '' : ` ${url}`}`]
      : [`✖ ${service} ${message ?? state}`, ...(problem === null ? lastLines : problemWords(problem))],
  );
  return { text: lines.length === 0 ? 'There was nothing to do.' : lines.join('\n'), answer: { services } };
}

/** `only`: the run that was asked for. Throws UserError when nothing is known of it. */
export function tellRuns(page: RunsPage, only?: number): Told<z.infer<typeof WhyAnswer>> {
  const { service } = page;
  if (only !== undefined && page.runs.length === 0)
    throw new UserError(
      ExitCode.usage,
      `Nothing is known of run ${only} of ${service}.`,
      'Its last runs: why, without "run".',
    );
  const runs = paragraphsOf(page).map(({ run: { run, story, problem, lastLines, repeats }, loop }) => ({
    run,
    story:
      loop === null
        ? story.map(({ at, text }) => `${new Date(at).toISOString()} run ${run} ${text}`)
        : [`${new Date(loop.to).toISOString()} ${service} ${loop.text}`],
    crashes: loop?.count ?? null,
    sameError: repeats?.times ?? null,
    problem,
    lastLines,
  }));
  const text = runs.map(({ story, problem, lastLines }) =>
    [...story, ...(problem === null ? lastLines.map((line) => `  ${line}`) : problemWords(problem))].join(
      '\n',
    ),
  );
  return {
    text: text.length === 0 ? `${service} has never been started here.` : text.join('\n'),
    answer: { service, runs },
  };
}
