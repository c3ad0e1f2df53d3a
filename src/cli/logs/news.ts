/** While logs are followed: what becomes of the services, as remarks beside what they print. */
import { basename } from 'node:path';
import colors from 'picocolors';
import { watchFolder } from '../../logs/watch-folder.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { followJournal } from '../journal/follow.ts';
import { createStory, lastWordsFirst } from '../journal/story.ts';

/** Tells from now on; returns the undo. */
export function followNews(
  root: string,
  services: readonly string[],
  colour: boolean,
  tell: (text: string) => void,
): () => void {
  const { own, journal } = workspacePaths(root);
  const story = createStory(new Map(services.map((name) => [name, null])), colors.createColors(colour));
  const told = lastWordsFirst((entry) => {
    const news = story.tell(entry);
    if (news !== null) tell(services.length === 1 ? news.text : `${news.service}  ${news.text}`);
  });
  const follower = followJournal(journal, told.add);
  const undo = watchFolder(own, (name) => {
    if (name === null || name === basename(journal)) follower.look();
  });
  return () => {
    undo();
    told.flush();
  };
}
