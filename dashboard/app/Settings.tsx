import { createSignal, For, type JSX, Show } from 'solid-js';
import { EDITORS, type Settings, setSettings, settings } from '../data/settings.ts';
import { Modal } from '../parts/Modal.tsx';

const THEMES: { value: Settings['theme']; name: string }[] = [
  { value: 'system', name: 'As the system' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
];

export function SettingsDialog(props: { open: boolean; onClose(): void }): JSX.Element {
  const [refused, setRefused] = createSignal(false);
  const setNotify = async (box: HTMLInputElement) => {
    const wanted = box.checked;
    const granted =
      wanted && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    setRefused(wanted && !granted);
    setSettings('notify', granted);
    // Nothing has changed where it was not granted, but the box shows what was clicked.
    box.checked = granted;
  };
  const known = () => EDITORS.some(({ address }) => address === settings.editor);
  return (
    <Modal title="Settings" open={props.open} onClose={props.onClose}>
      <div class="settings">
        <fieldset>
          <legend>Theme</legend>
          <For each={THEMES}>
            {({ value, name }) => (
              <label>
                <input
                  type="radio"
                  name="theme"
                  checked={settings.theme === value}
                  onChange={() => setSettings('theme', value)}
                />
                {name}
              </label>
            )}
          </For>
        </fieldset>
        <label class="field">
          <span>Files open in</span>
          <select onChange={(event) => setSettings('editor', event.currentTarget.value)}>
            <For each={EDITORS}>
              {({ name, address }) => (
                <option value={address} selected={settings.editor === address}>
                  {name}
                </option>
              )}
            </For>
            <Show when={!known()}>
              <option value={settings.editor} selected>
                Another editor
              </option>
            </Show>
          </select>
        </label>
        <label class="field">
          <span>Address of a file</span>
          <input
            type="text"
            value={settings.editor}
            spellcheck={false}
            onChange={(event) => setSettings('editor', event.currentTarget.value)}
          />
          <small>
            {'{path}'}, {'{line}'} and {'{column}'} are filled in.
          </small>
        </label>
        <label>
          <input
            type="checkbox"
            checked={settings.notify}
            onChange={(event) => setNotify(event.currentTarget)}
          />
          Notify me when an edit fails or a service is parked
        </label>
        <Show when={refused()}>
          <p class="remark">The browser does not allow it for this address: see its site settings.</p>
        </Show>
        <label>
          <input
            type="checkbox"
            checked={settings.keys}
            onChange={(event) => setSettings('keys', event.currentTarget.checked)}
          />
          Single keys do things (<kbd>?</kbd> lists them)
        </label>
      </div>
    </Modal>
  );
}
