import { type JSX, Show } from 'solid-js';
import { failure, isAnythingSeen, link } from '../data/live.ts';

export function NotConnected(): JSX.Element {
  return (
    <div role="status">
      <Show when={link() === 'lost' || (link() === 'blocked' && isAnythingSeen())}>
        <p class="banner">
          <Show
            when={failure()}
            fallback={
              <>
                <strong>Not connected.</strong> What you see may be old. Trying again; if nothing answers, run{' '}
                <code>upkeep open</code>.
              </>
            }
          >
            <strong>What you see may be old.</strong> {failure()}
          </Show>
        </p>
      </Show>
    </div>
  );
}
