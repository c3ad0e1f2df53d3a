/** A page of runs in words. */
import type { Colors } from 'picocolors/types';
import type { Run, RunsPage } from '../../contract/api/history.ts';
import { type Paragraph, paragraphsOf } from '../../contract/api/paragraphs.ts';
import { dayAndTime } from '../../contract/clock.ts';

const TIME_WIDTH = 8;

/** Newest first, each run in the order of its events. `now`: epoch ms; another day's times have their date. */
export function tellRuns(page: Pick<RunsPage, 'runs' | 'loops'>, now: number, colours: Colors): string {
  return paragraphsOf(page)
    .map((each) => tellParagraph(each, now, colours))
    .join('\n');
}

function tellParagraph({ run, loop }: Paragraph, now: number, colours: Colors): string {
  const line = (at: number, text: string, isEnd: boolean): string => {
    const time = dayAndTime(at, now);
    const indent = ' '.repeat(Math.max(TIME_WIDTH, time.length) + 1);
    const below = isEnd ? lastWords(run, colours).map((row) => `${indent}${row}\n`) : [];
    return `${colours.dim(time)} ${text}\n${below.join('')}`;
  };
  if (loop !== null) return line(loop.to, `it ${loop.text}`, true);
  return run.story.map(({ at, text, isEnd }) => line(at, `run ${run.run} ${text}`, isEnd)).join('');
}

/** What it printed last, and where in the project the error came from, with the code as it is now. */
function lastWords({ lastLines, problem }: Run, colours: Colors): string[] {
  const words = lastLines.map((text) => `${colours.dim('│')} ${text}`);
  if (problem?.file == null || problem.frame.length === 0) return words;
  return [...words, `at ${problem.file}:${problem.line}, as it is now:`, ...problem.frame];
}
