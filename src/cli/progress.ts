/** Showing how a command gets on: lines that change in place on a terminal, one line for each event elsewhere. */
import stringWidth from 'fast-string-width';
import colors from 'picocolors';
import { errorExcerpt } from '../api/excerpt.ts';
import { duration } from '../contract/duration.ts';
import type { Outcome, Progress } from '../contract/protocol.ts';
import { wasNotBegun } from '../contract/words.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** The last word: every outcome, failures with their reason and the service's own last lines. */
  finish(outcomes: Outcome[]): void;
}

const TICK_MS = 200;
/** Lines of a service that failed. */
const SHOWN = 12;
/** Of one that is tried again. */
const SHOWN_MEANWHILE = 5;

/** `verb`: what is asked for (`start`, `stop`, `restart`). */
export function progressView(verb: string): ProgressView {
  return process.stdout.isTTY ? liveView(verb) : plainView(verb);
}

function liveView(verb: string): ProgressView {
  const latest = new Map<string, Progress & { at: number }>();
  let screen: typeof import('./live-screen.ts').liveScreen | null = null;
  // Loaded when there is something to show: by then the daemon is at work.
  const open = () =>
    void import('./live-screen.ts').then(({ liveScreen }) => {
      screen = liveScreen;
      draw();
    });
  const draw = () => {
    if (screen === null || latest.size === 0) return;
    const width = Math.max(...[...latest.keys()].map((name) => stringWidth(name)));
    const height = Math.max(3, (process.stdout.rows ?? 24) - 2);
    const lines = [...latest.values()].flatMap((progress) => [
      liveLine(progress, width),
      ...saidBefore(progress),
    ]);
    const hidden = lines.length - height;
    screen([...lines.slice(0, height), ...(hidden > 0 ? [colors.dim(`and ${hidden} more`)] : [])].join('\n'));
  };
  // The countdown to SIGKILL goes on while nothing happens.
  const ticking = setInterval(() => {
    if ([...latest.values()].some(({ killIn }) => killIn !== null)) draw();
  }, TICK_MS);
  return {
    show(progress) {
      if (latest.size === 0) open();
      // What the run before said last stays in sight while the next one starts.
      const { lastLines = latest.get(progress.service)?.lastLines ?? [] } = progress;
      latest.set(progress.service, { ...progress, lastLines, at: Date.now() });
      draw();
    },
    finish(outcomes) {
      clearInterval(ticking);
      latest.clear();
      screen?.clear();
      screen?.done();
      printOutcomes(verb, outcomes);
    },
  };
}

function saidBefore({ state, lastLines = [] }: Progress): string[] {
  return state === 'ready' || state === 'stopped'
    ? []
    : errorExcerpt(lastLines, SHOWN_MEANWHILE).map((line) => `    ${colors.dim('│')} ${line}`);
}

function liveLine(
  { service, state, detail, elapsed, killIn, at }: Progress & { at: number },
  width: number,
): string {
  const done = state === 'ready' || state === 'stopped';
  const mark = done ? colors.green('●') : state === 'crashed' ? colors.red('●') : colors.yellow('○');
  const left = killIn === null ? '' : `, killed in ${duration(Math.max(0, killIn - (Date.now() - at)))}`;
  return `${mark} ${service}${' '.repeat(width - stringWidth(service))}  ${state.padEnd(8)}  ${colors.dim(done ? duration(elapsed) : detail + left)}`;
}

/** A line when the state changes, not for each detail on the way. */
function plainView(verb: string): ProgressView {
  const told = new Map<string, string>();
  return {
    show(progress) {
      const { service, state, detail } = progress;
      if (told.get(service) === state) return;
      told.set(service, state);
      if (state === 'backoff' || (state === 'starting' && detail.startsWith('waiting'))) {
        process.stdout.write(
          [`${service}: ${state}, ${detail}`, ...saidBefore(progress)].map((line) => `${line}\n`).join(''),
        );
      }
    },
    finish: (outcomes) => printOutcomes(verb, outcomes),
  };
}

function printOutcomes(verb: string, outcomes: Outcome[]): void {
  const rows = outcomes.map((each) => outcomeRow(each, verb));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => stringWidth(row[column] ?? ''))));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
  for (const each of outcomes.filter(({ ok }) => !ok)) process.stderr.write(failure(each));
}

function outcomeRow(
  { service, ok, state, url, pid, already, took }: Outcome,
  verb: string,
): [string, string, string] {
  const mark = ok ? colors.green('✔') : colors.red('✖');
  if (!ok)
    return [`${mark} ${service}`, colors.red(state === 'ready' ? 'the run before goes on' : state), ''];
  if (verb === 'stop')
    return [`${mark} ${service}`, already ? 'was not running' : `${state} after ${duration(took)}`, ''];
  const process = pid === null ? '' : `pid ${pid}`;
  return [
    `${mark} ${service}`,
    already ? `already ${state}` : `${state} in ${duration(took)}`,
    [url ?? '', process].filter((fact) => fact !== '').join('  '),
  ];
}

function failure({ service, state, pid, message, reason, lastLines }: Outcome): string {
  const head = `\n${colors.red(service)} ${message ?? 'failed'}\n`;
  // It waits for others, or could not be begun.
  if ((state === 'starting' && pid === null) || wasNotBegun(reason, lastLines)) return head;
  if (lastLines.length === 0) return `${head}  It printed nothing.\n`;
  const lines = errorExcerpt(lastLines, SHOWN)
    .map((line) => `  ${colors.dim('│')} ${line}\n`)
    .join('');
  return `${head}  Its last lines (all of them: upkeep logs ${service}):\n${lines}`;
}
