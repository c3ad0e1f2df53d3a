/** The thread of one search: `new Worker('search.cjs', { workerData: task })`. */
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../contract/exit-codes.ts';
import { lastLines } from '../chosen-lines.ts';
import { logsPage } from '../logs-page.ts';
import type { Found, SearchAnswer, SearchTask } from './task.ts';

function carryOut(task: SearchTask): Found[keyof Found] {
  const { place, services } = task;
  if (task.kind === 'page') return logsPage(place, services, task.query, task.now);
  return lastLines(place, services, task.choice, task.most);
}

function answer(task: SearchTask): SearchAnswer {
  try {
    return { found: carryOut(task) };
  } catch (error) {
    const isExpected = error instanceof UserError;
    return {
      failed: {
        message: error instanceof Error ? error.message : String(error),
        hint: isExpected ? error.hint : null,
        code: isExpected ? error.exitCode : null,
      },
    };
  }
}

parentPort?.postMessage(answer(workerData as SearchTask));
