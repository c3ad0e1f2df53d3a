import { createMemo, For, type JSX, Show } from 'solid-js';
import { pageOf } from '../app/route.ts';
import { type Happening, history, serviceOf } from '../data/history.ts';
import { clock } from '../parts/words.ts';
import { crashesOf } from './crashes.ts';
import { toneOf } from './tone.ts';
import { textOf } from './words.ts';

/** Entries of the journal in words, as they are given. */
export function Happenings(props: { list: readonly Happening[] }): JSX.Element {
  const crashes = createMemo(() => crashesOf(history()));
  return (
    <ol class="happenings">
      <For each={props.list}>
        {(happening) => (
          <li data-tone={toneOf(happening, crashes())}>
            <time>{clock(happening.entry.at)}</time>
            <span>
              <Show when={serviceOf(happening)}>
                {(name) => <a href={pageOf.service(name())}>{name()}</a>}
              </Show>{' '}
              {textOf(happening)}
            </span>
          </li>
        )}
      </For>
    </ol>
  );
}
