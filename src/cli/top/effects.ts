/** Carries out what the keys ask for, and tells what came of it. */
import type { Connection } from '../../api/index.ts';
import type { LogsQuery } from '../../contract/api/logs.ts';
import { duration } from '../../contract/duration.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import type { Outcome } from '../../contract/protocol.ts';
import { errorMessage } from '../../platform/files.ts';
import { openBrowser } from '../open/browser.ts';
import { feedLines } from './feed.ts';
import type { Effect, Message, Note } from './model.ts';
import { seek } from './seek.ts';
import { textAbout } from './texts.ts';

export interface Effects {
  run(effect: Effect): void;
  /** Ends what goes on by itself. */
  close(): void;
}

/** Lines that are fetched at once. */
const PAGE = 300;

/** `suspend` and `quit` are the session's business. */
export function createEffects(
  upkeep: Connection,
  tell: (message: Message) => void,
  session: { suspend(): void; quit(): void },
): Effects {
  let unfollow = () => {};
  const ending = new AbortController();
  const say = (text: string, tone: Note['tone']) => tell({ type: 'note', note: { text, tone } });

  const carryOut = async (effect: Effect): Promise<void> => {
    switch (effect.do) {
      case 'page':
        return tell(pageOf(upkeep, effect));
      case 'follow':
        unfollow();
        unfollow = feedLines(upkeep, effect, tell);
        return;
      case 'unfollow':
        return unfollow();
      case 'find':
        return tell(await seek(upkeep, effect, ending.signal));
      case 'command':
        return command(upkeep, effect, say);
      case 'text': {
        const { about, service } = effect;
        return tell({ type: 'text', about, service, lines: await textAbout(upkeep, about, service) });
      }
      case 'open': {
        const opened = await openBrowser(effect.url, process.env, process.platform);
        return say(
          opened ? `opened ${effect.url}` : `no browser could be opened here: ${effect.url}`,
          'plain',
        );
      }
      case 'suspend':
        return session.suspend();
      case 'quit':
        return session.quit();
    }
  };
  return {
    run: (effect) => void carryOut(effect).catch((error) => say(inOneLine(error), 'bad')),
    close() {
      ending.abort();
      unfollow();
    },
  };
}

/** A service that has never run is not known where logs are read: it has none. */
function pageOf(upkeep: Connection, effect: Extract<Effect, { do: 'page' }>): Message {
  const { asked, place } = effect;
  try {
    return { type: 'page', asked, place, page: upkeep.logs(pageQuery(effect)) };
  } catch (error) {
    const isUnknown = error instanceof UserError && error.exitCode === ExitCode.usage;
    return { type: 'page-failed', asked, text: isUnknown ? null : inOneLine(error) };
  }
}

function pageQuery(effect: Extract<Effect, { do: 'page' }>): LogsQuery {
  const whose = effect.service === null ? {} : { services: [effect.service] };
  switch (effect.place) {
    case 'end':
      return { ...whose, limit: PAGE };
    case 'start':
      return { ...whose, limit: PAGE, direction: 'forward' };
    case 'above':
      return { ...whose, limit: PAGE, before: effect.cursor };
    case 'below':
      return { ...whose, limit: PAGE, after: effect.cursor };
  }
}

const DOING = { start: 'starting', stop: 'stopping', restart: 'restarting' } as const;

async function command(
  upkeep: Connection,
  { verb, hard, names }: Extract<Effect, { do: 'command' }>,
  say: (text: string, tone: Note['tone']) => void,
): Promise<void> {
  const whom = names.length === 1 ? names[0] : `${names.length} services`;
  say(`${DOING[verb]} ${whom} …`, 'plain');
  const outcomes = verb === 'restart' ? await upkeep.restart(names, { hard }) : await upkeep[verb](names);
  const { text, tone } = outcomeNote(verb, outcomes);
  say(text, tone);
}

export function outcomeNote(verb: string, outcomes: Outcome[]): Note {
  const failed = outcomes.filter(({ ok }) => !ok);
  const [first] = failed;
  if (first !== undefined) {
    const more = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`;
    return { text: `${first.service}: ${first.message ?? `${verb} failed`}${more}`, tone: 'bad' };
  }
  const [one] = outcomes;
  if (one === undefined) return { text: 'nothing was to be done', tone: 'plain' };
  const took = duration(Math.max(...outcomes.map((each) => each.took)));
  if (outcomes.length > 1) return { text: `${outcomes.length} services: done in ${took}`, tone: 'good' };
  return {
    text: `${one.service}: ${one.already ? 'already ' : ''}${one.state}${one.already ? '' : ` in ${took}`}`,
    tone: 'good',
  };
}

function inOneLine(error: unknown): string {
  const hint = error instanceof UserError && error.hint !== null ? ` ${error.hint}` : '';
  return `${errorMessage(error)}${hint}`.replace(/\s*\n\s*/g, ' ');
}
