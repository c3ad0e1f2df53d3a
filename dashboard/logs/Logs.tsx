import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { ApiLine } from '../../src/contract/api/logs.ts';
import { parseMoment } from '../../src/contract/moment.ts';
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
      made.around(Number(time), id).then((line) => {
        if (line !== undefined) show(made, made.lines().find((each) => each.id === id) ?? null, id);
      });
    return made;
  }

  /** `its`: where it was found. `id`: of a line that was asked for and may be gone. */
  function show(its: Feed, line: ApiLine | null, id: string | null = null): void {
    // Other services are looked at by now.
    if (its !== feed()) return;
    if (line === null) {
      if (id !== null) say({ tone: 'bad', title: 'That line is not kept any more' });
      return;
    }
    its.pause();
    setSelected(line);
    requestAnimationFrame(() => list?.show(line.id));
  }

  async function step(target: Target, by: 1 | -1, what: string): Promise<void> {
    const its = feed();
    const lines = its.lines();
    const chosen = lines.findIndex(({ id }) => id === selected()?.id);
    const usual = its.live() ? lines.length : (list?.middle() ?? 0);
    const found = await find(its, target, chosen === -1 ? usual : chosen, by);
    if (found === undefined || its !== feed()) return;
    if (found === null) say({ tone: 'good', title: `No ${what} ${by === 1 ? 'below' : 'above'}` });
    else show(its, found);
  }

  const actions: LogActions = {
    nextMatch: (by) => {
      const { wanted: its } = wanted();
      if (its !== null) step(matching(its), by, 'match');
    },
    nextError: (by) => step(ERRORS, by, 'error'),
    toTime: async (text) => {
      const its = feed();
      // The gateway may be in another time zone. What is no time, it says.
      const time = parseMoment(text, Date.now());
      const line = await its.around(time === null ? text : Math.floor(time));
      if (line !== undefined) show(its, line);
    },
    toStart: async () => {
      const its = feed();
      const line = await its.toStart();
      if (line && its === feed()) requestAnimationFrame(() => list?.show(line.id));
    },
    toEnd: () => feed().toEnd(),
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
      { key: 'Home', does: 'To the first line', run: () => actions.toStart() },
      { key: 'End', does: 'To the end, live', run: () => actions.toEnd() },
      {
        key: 'w',
        does: 'Wrap lines',
        run: () => document.querySelector<HTMLElement>('[aria-label="Wrap lines"]')?.click(),
      },
      { key: 'Escape', does: 'Close the line', run: close },
    ],
  });
}
