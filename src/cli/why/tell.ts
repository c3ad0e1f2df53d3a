/** Stories in words. */
import type { Colors } from 'picocolors/types';
import { happened } from '../../api/happened.ts';
import { problemIn } from '../../api/problem/index.ts';
import type { RunStory } from '../../api/stories.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { plain } from '../../logs/query.ts';
import { dayAndTime } from '../render/words.ts';

const TIME_WIDTH = 8;
/** What follows from the entry before it. */
const JOINING = new Set<JournalEntry['kind']>(['run-ready', 'swapped', 'retry', 'parked']);

/**
 * Newest run first, each in the order of its events. `lastWords`: what a run printed last, by run.
 * `now`: epoch ms; another day's times have their date.
 */
export function tellStories(
  stories: RunStory[],
  lastWords: Map<number, string[]>,
  root: string,
  now: number,
  colours: Colors,
): string {
  return [...stories]
    .reverse()
    .map((story) => tellStory(story, lastWords.get(story.run) ?? [], root, now, colours))
    .join('\n');
}

function tellStory(story: RunStory, words: string[], root: string, now: number, colours: Colors): string {
  const sentences: { at: number; text: string; ended: boolean }[] = [];
  for (const entry of story.entries) {
    const text = happened(entry, story.exit);
    if (text === null) continue;
    const last = sentences.at(-1);
    // What belongs together is told in one line: started … and ready, ended … and tried again.
    const joins = JOINING.has(entry.kind);
    if (joins && last !== undefined) last.text += ` ${sentence(text)}`;
    else
      sentences.push({ at: entry.at, text: `run ${story.run} ${text}.`, ended: entry.kind === 'run-ended' });
  }
  return sentences
    .map(({ at, text, ended }) => {
      const time = dayAndTime(at, now);
      const quoted = ended ? words : [];
      const indent = ' '.repeat(Math.max(TIME_WIDTH, time.length) + 1);
      const lines = quoted.map((line) => `${indent}${colours.dim('│')} ${plain(line)}\n`);
      const frame = ended ? placeOf(words, root).map((row) => `${indent}${row}\n`) : [];
      return `${colours.dim(time)} ${text}\n${lines.join('')}${frame.join('')}`;
    })
    .join('');
}

/** Where in the project the error came from, with the code as it is now. */
function placeOf(words: string[], root: string): string[] {
  const problem = problemIn(words, root);
  if (problem?.file == null || problem.frame.length === 0) return [];
  return [`at ${problem.file}:${problem.line}, as it is now:`, ...problem.frame];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
