import { createSignal, For, type JSX, Show } from 'solid-js';
import { setSettings, settings } from '../data/settings.ts';
import { Button } from '../parts/Button.tsx';
import { Search } from '../parts/Search.tsx';
import type { Feed } from './feed.ts';
import { ServicePicker } from './ServicePicker.tsx';
import { change, LEVELS, levels, onlyMatches, run, typed, wanted } from './state.ts';

export interface LogActions {
  nextMatch(by: 1 | -1): void;
  nextError(by: 1 | -1): void;
  toTime(text: string): void;
  toStart(): void;
  toEnd(): void;
  follow(): void;
}

export function LogToolbar(props: {
  feed: Feed;
  actions: LogActions;
  searchRef(input: HTMLInputElement): void;
}): JSX.Element {
  const toggleLevel = (level: (typeof LEVELS)[number]) => {
    const now = levels();
    change({
      levels: (now.includes(level) ? now.filter((each) => each !== level) : [...now, level]).join(','),
    });
  };
  return (
    <div class="toolbar logs-toolbar">
      <h1 class="hidden">Logs</h1>
      <ServicePicker />
      <Show when={run()}>
        {(number) => (
          <button
            type="button"
            class="chip"
            aria-pressed="true"
            onClick={() => change({ run: undefined })}
            title="Show all runs"
          >
            run {number()} ×
          </button>
        )}
      </Show>
      <Search
        label="Search logs, or /regexp/"
        value={typed()}
        onInput={(text) => change({ q: text })}
        onEnter={(back) => props.actions.nextMatch(back ? 1 : -1)}
        ref={props.searchRef}
        invalid={wanted().problem !== null}
      />
      <Show when={typed() !== ''}>
        <div class="actions">
          <Button icon="up" label="Match above" bare onClick={() => props.actions.nextMatch(-1)} />
          <Button icon="down" label="Match below" bare onClick={() => props.actions.nextMatch(1)} />
          <Button
            label="Only matches"
            pressed={onlyMatches()}
            onClick={() => change({ only: onlyMatches() ? undefined : '1' })}
          />
        </div>
      </Show>
      <fieldset class="chips" aria-label="Levels">
        <For each={LEVELS}>
          {(level) => (
            <button
              type="button"
              class="chip"
              data-level={level}
              aria-pressed={levels().includes(level)}
              onClick={() => toggleLevel(level)}
            >
              {level}
            </button>
          )}
        </For>
      </fieldset>
      <div class="actions">
        <Button
          icon="up"
          label="Error above"
          class="error-step"
          onClick={() => props.actions.nextError(-1)}
        />
        <Button icon="down" label="Error below" bare onClick={() => props.actions.nextError(1)} />
        <GoTo onTime={props.actions.toTime} />
        <Button
          icon="wrap"
          label="Wrap lines"
          bare
          pressed={settings.wrap}
          onClick={() => setSettings('wrap', !settings.wrap)}
        />
        <Button
          icon={props.feed.live() ? 'pause' : 'end'}
          label={props.feed.live() ? 'Pause' : 'Go live'}
          kind={props.feed.live() ? 'plain' : 'primary'}
          onClick={() => props.actions.follow()}
        />
      </div>
    </div>
  );
}

function GoTo(props: { onTime(text: string): void }): JSX.Element {
  const [text, setText] = createSignal('');
  return (
    <form
      class="goto"
      onSubmit={(event) => {
        event.preventDefault();
        if (text().trim() !== '') props.onTime(text().trim());
      }}
    >
      <input
        aria-label="Go to a time, for example 14:02 or 10m"
        title="Go to a time: 14:02, 10m, 2026-11-23T10:00"
        placeholder="Time…"
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
