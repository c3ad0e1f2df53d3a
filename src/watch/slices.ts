/**
 * Work in slices: file system calls are cheapest when they are synchronous, and a daemon must never be away for
 * long. Jobs run in order, at most `budget` ms at a time, and the event loop turns in between.
 */
import { monotonic } from '../platform/monotonic.ts';

export interface Slices {
  add(job: () => void): void;
  /** Forgets what has not run yet. */
  close(): void;
}

export function createSlices(budget = 5): Slices {
  let jobs: (() => void)[] = [];
  let next = 0;
  let scheduled: NodeJS.Immediate | null = null;

  function run(): void {
    scheduled = null;
    const end = monotonic() + budget;
    try {
      while (next < jobs.length && monotonic() < end) jobs[next++]?.();
    } finally {
      rest();
    }
  }
  function rest(): void {
    if (next < jobs.length) {
      schedule();
    } else {
      jobs = [];
      next = 0;
    }
  }
  function schedule(): void {
    scheduled ??= setImmediate(run);
  }

  return {
    add(job) {
      jobs.push(job);
      schedule();
    },
    close() {
      jobs = [];
      next = 0;
      if (scheduled) clearImmediate(scheduled);
      scheduled = null;
    },
  };
}
