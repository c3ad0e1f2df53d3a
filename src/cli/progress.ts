/** Showing how a command gets on: lines that change in place on a terminal, one line for each event elsewhere. */
import logUpdate from 'log-update';
import colors from 'picocolors';
import type { Outcome, Progress } from '../contract/protocol.ts';
import { duration } from './render/words.ts';

export interface ProgressView {
  show(progress: Progress): void;
  /** The last word: every outcome, failures with their reason and the service's own last lines. */
  finish(outcomes: Outcome[]): void;
}

/** `verb`: what is asked for (`start`, `stop`, `restart`). */
export function progressView(verb: string): ProgressView {
  return process.stdout.isTTY ? liveView(verb) : plainView(verb);
}

function liveView(verb: string): ProgressView {
  const latest = new Map<string, Progress>();
  const draw = () => {
    const width = Math.max(...[...latest.keys()].map((name) => name.length));
    const height = Math.max(3, (process.stdout.rows ?? 24) - 2);
    const lines = [...latest.values()].map((progress) => liveLine(progress, width));
    const hidden = lines.length - height;
    logUpdate(
      [...lines.slice(0, height), ...(hidden > 0 ? [colors.dim(`and ${hidden} more`)] : [])].join('\n'),
    );
  };
  return {
    show(progress) {
      latest.set(progress.service, progress);
      draw();
    },
    finish(outcomes) {
      logUpdate.clear();
      logUpdate.done();
      printOutcomes(verb, outcomes);
    },
  };
}

function liveLine({ service, state, detail, elapsed }: Progress, width: number): string {
  const done = state === 'ready' || state === 'stopped';
  const mark = done ? colors.green('●') : state === 'crashed' ? colors.red('●') : colors.yellow('○');
  return `${mark} ${service.padEnd(width)}  ${state.padEnd(8)}  ${colors.dim(done ? duration(elapsed) : detail)}`;
}

/** A line when the state changes, not for each detail on the way. */
function plainView(verb: string): ProgressView {
  const told = new Map<string, string>();
  return {
    show({ service, state, detail }) {
      if (told.get(service) === state) return;
      told.set(service, state);
      if (state === 'backoff' || (state === 'starting' && detail.startsWith('waiting'))) {
        process.stdout.write(`${service}: ${state}, ${detail}\n`);
      }
    },
    finish: (outcomes) => printOutcomes(verb, outcomes),
  };
}

function printOutcomes(verb: string, outcomes: Outcome[]): void {
  const width = Math.max(0, ...outcomes.map(({ service }) => service.length));
  for (const each of outcomes) process.stdout.write(`${outcomeLine(each, verb, width)}\n`);
  for (const each of outcomes.filter(({ ok }) => !ok)) process.stderr.write(failure(each));
}

function outcomeLine({ service, ok, state, url, pid, took }: Outcome, verb: string, width: number): string {
  const mark = ok ? colors.green('✔') : colors.red('✖');
  const facts = verb === 'stop' ? [] : [url, pid === null ? null : `pid ${pid}`];
  const time = `${state} ${verb === 'stop' ? 'after' : 'in'} ${duration(took)}`;
  return [
    `${mark} ${service.padEnd(width)}`,
    ok ? time : colors.red(state),
    ...facts.filter((fact) => fact !== null && ok),
  ].join('  ');
}

function failure({ service, message, lastLines }: Outcome): string {
  const head = `\n${colors.red(service)} ${message ?? 'failed'}\n`;
  if (lastLines.length === 0) return `${head}  It printed nothing.\n`;
  const lines = lastLines.map((line) => `  ${colors.dim('│')} ${line}\n`).join('');
  return `${head}  Its last lines (all of them: upkeep logs ${service}):\n${lines}`;
}
