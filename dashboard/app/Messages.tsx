import { For, type JSX, Show } from 'solid-js';
import { dismiss, messages } from '../data/messages.ts';
import { Button } from '../parts/Button.tsx';
import { pageOf } from './route.ts';

export function Messages(): JSX.Element {
  return (
    <div class="messages" role="status" aria-live="polite">
      <For each={messages()}>
        {(message) => (
          <div class="message" data-tone={message.tone}>
            <div>
              <p>{message.title}</p>
              <Show when={message.lines?.length}>
                <pre tabindex="0">{message.lines?.join('\n')}</pre>
              </Show>
              <Show when={message.service}>{(name) => <a href={pageOf.service(name())}>Why</a>}</Show>
            </div>
            <Button icon="close" label="Dismiss" bare kind="quiet" onClick={() => dismiss(message.id)} />
          </div>
        )}
      </For>
    </div>
  );
}
