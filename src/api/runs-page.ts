/** The runs of a service, newest first, each with its story and why it failed. */
import type { Run, RunsPage, RunsQuery } from '../contract/api/history.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { plain } from '../logs/query.ts';
import { happened } from './happened.ts';
import { lastWordsOf } from './last-words.ts';
import { endedByItself, type RunStory, runStories } from './stories.ts';

export function runsPage(
  place: { root: string; logDir: string },
  journal: JournalEntry[],
  service: string,
  { limit, before, run }: RunsQuery,
): RunsPage {
  const stories = runStories(journal, service)
    .filter((each) => each.run < Number(before ?? Number.POSITIVE_INFINITY))
    .filter((each) => run === undefined || each.run === Number(run))
    .reverse();
  const shown = stories.slice(0, Number(limit ?? 20));
  const words = lastWordsOf(
    place,
    service,
    shown.filter(endedByItself).map((each) => each.run),
  );
  return {
    service,
    runs: shown.map((story) => tell(story, words.get(story.run) ?? [])),
    more: stories.length > shown.length,
  };
}

function tell(story: RunStory, lastLines: string[]): Run {
  const sentences = story.entries.flatMap((entry) => {
    const text = happened(entry, story.exit);
    return text === null ? [] : [{ at: entry.at, text }];
  });
  return { ...story, story: sentences, lastLines: lastLines.map(plain) };
}
