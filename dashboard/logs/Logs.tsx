import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { ApiLine } from '../../src/contract/api/logs.ts';
import { useKeys } from '../app/keys.ts';
import { say } from '../data/messages.ts';
import { Empty } from '../parts/Empty.tsx';
import { createFeed, type Feed, type Filter } from './feed.ts';
import { ERRORS, find, matching, type Target } from './find.ts';
import { LineDetails } from './LineDetails.tsx';
import { type ListHandle, LogList } from './LogList.tsx';
import { type LogActions, LogToolbar } from './LogToolbar.tsx';
import { at, change, levels, lineId, onlyMatches, run, services, typed, wanted } from './state.ts';

export default function Logs(): JSX.Element {
  let input: HTMLInputElement | undefined;
  let list: ListHandle | undefined;
  const [selected, setSelected] = createSignal<ApiLine | null>(null);
  const key = createMemo(() => JSON.stringify([services(), levels(), run(), onlyMatches() ? typed() : '']));
  const feed = createMemo<Feed>(on(key, () => openFeed()));
  const marks = () => wanted().wanted?.marks ?? null;

  function openFeed(): Feed {
    const filter = onlyMatches() ? wanted().wanted : null;
    const made = createFeed(filterOf(filter));
    onCleanup(() => made.close());
    const time = at();
    const id = lineId();
    if (time === null) made.toEnd();
    else
      made.around(Number(time), id).then(() => show(made.lines().find((line) => line.id === id) ?? null, id));
    return made;
  }

  /** `id`: of a line that was asked for and may be gone. */
  function show(line: ApiLine | null, id: string | null = null): void {
    if (line === null) {
      if (id !== null) say({ tone: 'bad', title: 'That line is not kept any more' });
      return;
    }
    feed().pause();
    setSelected(line);
    requestAnimationFrame(() => list?.show(line.id));
  }

  async function step(target: Target, by: 1 | -1, what: string): Promise<void> {
    const lines = feed().lines();
    const chosen = lines.findIndex(({ id }) => id === selected()?.id);
    const usual = feed().live() ? lines.length : (list?.middle() ?? 0);
    const found = await find(feed(), target, chosen === -1 ? usual : chosen, by);
    if (found === null) say({ tone: 'good', title: `No ${what} ${by === 1 ? 'below' : 'above'}` });
    else show(found);
  }

  const actions: LogActions = {
    nextMatch: (by) => {
      const { wanted: its } = wanted();
      if (its !== null) step(matching(its), by, 'match');
    },
    nextError: (by) => step(ERRORS, by, 'error'),
    toTime: (text) =>
      feed()
        .around(text)
        .then(() =>
          show(
            feed()
              .lines()
              .find(({ time }) => time !== null && time >= timeOf(text)) ??
              feed().lines().at(-1) ??
              null,
          ),
        ),
    follow: () => (feed().live() ? feed().pause() : feed().toEnd()),
  };
  useLogKeys(
    actions,
    () => input?.focus(),
    () => setSelected(null),
  );
  createEffect(on(key, () => setSelected(null), { defer: true }));

  return (
    <div class="logs-page">
      <LogToolbar feed={feed()} actions={actions} searchRef={(element) => (input = element)} />
      <Show when={wanted().problem}>{(problem) => <p class="banner">{problem()}</p>}</Show>
      <Show when={feed().failure() !== ''}>
        <p class="banner" role="alert">
          {feed().failure()}
        </p>
      </Show>
      <Show when={feed().gap() !== ''}>
        <p class="banner">{feed().gap()}</p>
      </Show>
      <Show when={feed().lines().length > 0 || feed().loading()} fallback={<NoLines />}>
        <LogList
          feed={feed()}
          marks={marks()}
          withService={services().length !== 1}
          selected={selected()?.id ?? null}
          onSelect={setSelected}
          ref={(handle) => (list = handle)}
        />
      </Show>
      <Show when={selected()}>
        {(line) => <LineDetails line={line()} marks={marks()} onClose={() => setSelected(null)} />}
      </Show>
      <p class="log-foot" role="status">
        {feed().live() ? 'Live' : 'Paused'}
      </p>
    </div>
  );
}

function filterOf(only: { grep: string; test: RegExp } | null): Filter {
  return {
    services: services(),
    levels: levels(),
    run: run(),
    grep: only?.grep ?? null,
    test: only?.test ?? null,
  };
}

/** Of what a person typed as a time; the API knows more forms, and what is not known here begins at the first line. */
function timeOf(text: string): number {
  const ago = /^(\d+)\s*(s|m|h|d)$/.exec(text);
  if (ago !== null)
    return Date.now() - Number(ago[1]) * ({ s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[ago[2] as 's'] ?? 0);
  const day = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (day !== null) return new Date().setHours(Number(day[1]), Number(day[2]), Number(day[3] ?? 0), 0);
  return Date.parse(text) || 0;
}

function NoLines(): JSX.Element {
  const filtered = () => levels().length > 0 || run() !== null || (onlyMatches() && typed() !== '');
  return (
    <Empty
      title={filtered() ? 'No line passes these filters' : 'Nothing has been printed yet'}
      text={filtered() ? undefined : 'Lines appear here as they are printed.'}
    >
      <Show when={filtered()}>
        <button
          type="button"
          class="button"
          onClick={() => change({ levels: undefined, run: undefined, only: undefined, q: undefined })}
        >
          Clear the filters
        </button>
      </Show>
    </Empty>
  );
}

function useLogKeys(actions: LogActions, focusSearch: () => void, close: () => void): void {
  useKeys({
    title: 'Logs',
    keys: [
      { key: '/', does: 'Search', run: focusSearch },
      { key: 'n', does: 'Match above', run: () => actions.nextMatch(-1) },
      { key: 'N', does: 'Match below', run: () => actions.nextMatch(1) },
      { key: 'e', does: 'Error above', run: () => actions.nextError(-1) },
      { key: 'E', does: 'Error below', run: () => actions.nextError(1) },
      { key: 'f', does: 'Pause, or go live', run: () => actions.follow() },
      {
        key: 'w',
        does: 'Wrap lines',
        run: () => document.querySelector<HTMLElement>('[aria-label="Wrap lines"]')?.click(),
      },
      { key: 'Escape', does: 'Close the line', run: close },
    ],
  });
}
