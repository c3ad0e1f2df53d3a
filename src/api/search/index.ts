/**
 * Searches by a regular expression, in a thread of its own that is ended when it takes too long: an expression like
 * `(a+)+$` can keep JavaScript busy for years over one line, and nobody else would be answered meanwhile.
 */
import { Worker } from 'node:worker_threads';
import { distFile } from '../../client/dist.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { Found, SearchAnswer, SearchTask } from './task.ts';

/** ms. A page looks for 250 ms at most, unless one line keeps it; the other looks through all that is kept. */
const LONGEST = { page: 3000, last: 20_000 };
/** Threads at a time. */
const MOST = 4;
/** MB: a page has 8 million characters at most. */
const MEMORY = 256;

let running = 0;

/** Whether an expression can only be as costly as the text is long: it chooses nothing and repeats nothing. Pure. */
export function isPlain(source: string): boolean {
  return !/[*+?{|(]/.test(source.replace(/^\(\?i\)/, '').replace(/\\./g, ''));
}

/** Throws UserError: too costly an expression, too many searches at a time, and what the query itself is refused for. */
export async function search<Kind extends SearchTask['kind']>(
  task: Extract<SearchTask, { kind: Kind }>,
): Promise<Found[Kind]> {
  if (running >= MOST)
    throw new UserError(ExitCode.failed, `${MOST} searches are under way already.`, 'Try again in a moment.');
  running++;
  const worker = new Worker(distFile('search.cjs'), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY },
  });
  try {
    const answer = await answerOf(worker, LONGEST[task.kind]);
    if ('found' in answer) return answer.found as Found[Kind];
    const { message, hint, code } = answer.failed;
    throw code === null ? new Error(message) : new UserError(code, message, hint);
  } finally {
    running--;
    void worker.terminate();
  }
}

function answerOf(worker: Worker, within: number): Promise<SearchAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooCostly(within)), within);
    const settle = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    worker.once('message', (answer: SearchAnswer) => settle(() => resolve(answer))());
    worker.once('error', (error) => settle(() => reject(error))());
    worker.once(
      'exit',
      settle(() => reject(new Error('the search ended without an answer'))),
    );
  });
}

function tooCostly(within: number): UserError {
  return new UserError(
    ExitCode.usage,
    `The search was given up after ${within / 1000} s: the regular expression costs too much.`,
    'Repetitions inside repetitions are the usual reason: (a+)+ means the same as a+.',
  );
}
