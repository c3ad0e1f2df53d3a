import { For, type JSX } from 'solid-js';
import { Modal } from '../parts/Modal.tsx';
import { keyGroups } from './keys.ts';

const NAMES: Record<string, string> = { ' ': 'Space', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

export function Help(props: { open: boolean; onClose(): void }): JSX.Element {
  return (
    <Modal title="Keys" open={props.open} onClose={props.onClose}>
      <div class="keys">
        <For each={keyGroups()}>
          {({ title, keys }) => (
            <section>
              <h3>{title}</h3>
              <dl>
                <For each={keys}>
                  {({ key, does }) => (
                    <div>
                      <dt>
                        <kbd>{NAMES[key] ?? key}</kbd>
                      </dt>
                      <dd>{does}</dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </Modal>
  );
}
