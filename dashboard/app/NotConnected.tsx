import { type JSX, Show } from 'solid-js';
import { link } from '../data/live.ts';

export function NotConnected(): JSX.Element {
  return (
    <div role="status">
      <Show when={link() === 'lost'}>
        <p class="banner">
          <strong>Not connected.</strong> What you see may be old. Trying again; if nothing answers, run{' '}
          <code>upkeep open</code>.
        </p>
      </Show>
    </div>
  );
}
