/** The story of one run, in the order of its events. Pure. */
import type { Sentence } from '../../contract/api/history.ts';
import type { Times } from '../../contract/clock.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { happened } from '../happened.ts';
import { endedByItself, entryOf, type RunFacts } from './facts.ts';
import { repeatsOf } from './repeats.ts';
import { afterwards, answeredWords, readyWords, repeatWords, startWords } from './words.ts';

/** `all`: of the service. */
export function tellRun(run: RunFacts, all: readonly RunFacts[], times: Times): Sentence[] {
  const sentences: Sentence[] = [];
  for (const entry of run.entries) {
    const told = sentenceOf(entry, run, all, times);
    if (told === null) continue;
    const last = sentences.at(-1);
    if (told.follows && last !== undefined) last.text += ` ${capital(told.text)}`;
    else sentences.push({ at: entry.at, text: told.text, isEnd: told.isEnd === true });
  }
  return sentences;
}

interface Told {
  text: string;
  /** It goes on with what was told before: "started: … . Ready in 212 ms." */
  follows: boolean;
  isEnd?: boolean;
}

function sentenceOf(entry: JournalEntry, run: RunFacts, all: readonly RunFacts[], times: Times): Told | null {
  switch (entry.kind) {
    case 'run-started': {
      const text = startWords(run);
      return text === null ? null : { text, follows: false };
    }
    case 'run-ready':
      return {
        text: readyWords(
          run,
          all.find((each) => each.run === run.replaced),
          times,
        ),
        follows: true,
      };
    case 'run-ended':
      return endOf(entry, run, all, times);
    case 'edit-failed':
      return {
        text: withRepeats(`${happened(entry, run.exit)}.`, run, all, times),
        follows: false,
        isEnd: true,
      };
    // What was told with the end, or with being ready.
    case 'swapped':
    case 'drained':
      return null;
    case 'killed':
      return run.replacedBy === null ? whole(entry, run, false) : null;
    case 'retry':
    case 'parked':
      return whole(entry, run, true);
    default:
      return whole(entry, run, false);
  }
}

function whole(entry: JournalEntry, run: RunFacts, follows: boolean): Told | null {
  const text = happened(entry, run.exit);
  return text === null ? null : { text: `${text}.`, follows };
}

function endOf(entry: JournalEntry, run: RunFacts, all: readonly RunFacts[], times: Times): Told | null {
  // How it failed says how it ended.
  if (entryOf(run, 'edit-failed') !== undefined) return null;
  const text = happened(entry, run.exit);
  if (text === null) return null;
  if (run.replacedBy !== null && run.endCause !== null)
    return { text: `gave way to run ${run.replacedBy}: ${afterwards(run)}.`, follows: false, isEnd: true };
  if (!endedByItself(run))
    return { text: `${text}.${answeredWords(run.drained)}`, follows: false, isEnd: true };
  return { text: withRepeats(`${text}.`, run, all, times), follows: false, isEnd: true };
}

function withRepeats(text: string, run: RunFacts, all: readonly RunFacts[], times: Times): string {
  const repeats = repeatsOf(run, all);
  const words = repeats === null ? null : repeatWords(repeats, times);
  return words === null ? text : `${text} ${words}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
