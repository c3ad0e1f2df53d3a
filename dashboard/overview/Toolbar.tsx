import { For, type JSX, Show } from 'solid-js';
import { readyCount } from '../../src/contract/ready-count.ts';
import { confirm } from '../app/Confirm.tsx';
import { useKeys } from '../app/keys.ts';
import { go, pageOf } from '../app/route.ts';
import { command, type Verb } from '../data/commands.ts';
import { report, serviceNamed } from '../data/live.ts';
import { Button } from '../parts/Button.tsx';
import { Search } from '../parts/Search.tsx';
import { safeUrl } from '../parts/words.ts';
import {
  currentShown,
  group,
  groupNames,
  meant,
  move,
  search,
  selected,
  setCurrent,
  setGroup,
  setSearch,
  setSelected,
  shown,
  toggle,
} from './selection.ts';

export function Toolbar(): JSX.Element {
  let input: HTMLInputElement | undefined;
  useOverviewKeys(() => input?.focus());
  const count = () => readyCount(report.services);
  return (
    <div class="toolbar">
      <p class="sum">
        <strong>{count().ready}</strong> of {count().of} ready
        {count().completed > 0 && `, ${count().completed} completed`}
      </p>
      <Search
        label="Search services"
        value={search()}
        onInput={setSearch}
        ref={(element) => (input = element)}
      />
      <Show when={groupNames().length > 0}>
        <fieldset class="chips" aria-label="Groups">
          <For each={['', ...groupNames()]}>
            {(name) => (
              <button
                type="button"
                class="chip"
                aria-pressed={group() === name}
                onClick={() => setGroup(name)}
                title={name || undefined}
              >
                {name === '' ? 'All' : name}
              </button>
            )}
          </For>
        </fieldset>
      </Show>
      <div class="actions">
        <Button
          icon="start"
          label={labelOf('Start')}
          disabled={meant().length === 0}
          onClick={() => ask('start', meant())}
        />
        <Button
          icon="restart"
          label={labelOf('Restart')}
          disabled={meant().length === 0}
          onClick={() => ask('restart', meant())}
        />
        <Button
          icon="stop"
          label={labelOf('Stop')}
          disabled={meant().length === 0}
          onClick={() => ask('stop', meant())}
        />
      </div>
    </div>
  );
}

function labelOf(verb: string): string {
  const names = meant();
  if (shown().some(({ name }) => selected().has(name))) return `${verb} ${names.length} selected`;
  return names.length === report.services.length ? `${verb} all` : `${verb} these ${names.length}`;
}

/** Many at once are asked about first: a slip of the hand is not to stop everything. */
function ask(verb: Verb, names: string[]): void {
  const run = () => {
    command(verb, names);
    setSelected(new Set<string>());
  };
  // No name at all would mean every service.
  if (names.length === 0) return;
  if (verb === 'start' || names.length < 4) return run();
  const word = verb === 'stop' ? 'Stop' : 'Restart';
  confirm({
    title: `${word} ${names.length} services?`,
    text:
      verb === 'stop'
        ? 'Their processes are ended. When nothing is left to run, the daemon ends too.'
        : 'Those that can take over from their running selves do so without refusing a connection.',
    yes: word,
    run,
  });
}

/** The selected ones, or else the row that has the keys. */
function act(verb: Verb): void {
  const chosen = shown().filter(({ name }) => selected().has(name));
  const row = currentShown();
  if (chosen.length > 0) ask(verb, meant());
  else if (row !== null) command(verb, [row]);
}

function useOverviewKeys(focusSearch: () => void): void {
  const onCurrent = (then: (name: string) => void) => () => {
    const name = currentShown();
    if (name !== null) then(name);
  };
  useKeys({
    title: 'Overview',
    keys: [
      { key: '/', does: 'Search', run: focusSearch },
      { key: 'j', does: 'Next service', run: () => move(1) },
      { key: 'k', does: 'Previous service', run: () => move(-1) },
      { key: 'x', does: 'Select it', run: onCurrent(toggle) },
      {
        key: 'a',
        does: 'Select all that are shown',
        run: () => setSelected(new Set(shown().map(({ name }) => name))),
      },
      {
        key: 'Escape',
        does: 'Select none',
        run: () => {
          setSelected(new Set<string>());
          setCurrent(null);
          (document.activeElement as HTMLElement | null)?.blur();
        },
      },
      { key: 's', once: true, does: 'Start it, or the selected', run: () => act('start') },
      { key: 'r', once: true, does: 'Restart it, or the selected', run: () => act('restart') },
      { key: 't', once: true, does: 'Stop it, or the selected', run: () => act('stop') },
      { key: 'Enter', does: 'Its page', run: onCurrent((name) => go(pageOf.service(name))) },
      { key: 'l', does: 'Its logs', run: onCurrent((name) => go(pageOf.logs(name))) },
      {
        key: 'o',
        does: 'Open its url',
        run: onCurrent((name) => {
          const url = safeUrl(serviceNamed(name)?.url ?? null);
          if (url !== undefined) window.open(url, '_blank', 'noopener');
        }),
      },
    ],
  });
}
