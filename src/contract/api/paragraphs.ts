/** A page of runs as it is told: a crash loop is one paragraph. Pure. */
import type { CrashLoop, Run, RunsPage } from './history.ts';

export interface Paragraph {
  /** The run that is told of; of a loop its last one. */
  run: Run;
  /** Null: `run` is told alone. */
  loop: CrashLoop | null;
  /** Of a loop: all that are on the page, newest first, `run` included. */
  runs: Run[];
}

/** Newest first. */
export function paragraphsOf({ runs, loops }: Pick<RunsPage, 'runs' | 'loops'>): Paragraph[] {
  const found: Paragraph[] = [];
  for (const run of runs) {
    const loop = loops.find(({ first, last }) => run.run >= first && run.run <= last) ?? null;
    const open = found.at(-1);
    if (loop !== null && open?.loop === loop) open.runs.push(run);
    else found.push({ run, loop, runs: [run] });
  }
  return found;
}
