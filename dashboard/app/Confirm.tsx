/** Asks before something is done that is more than one may have meant. */
import { createSignal, type JSX, Show } from 'solid-js';
import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';

interface Question {
  title: string;
  text: string;
  yes: string;
  run(): void;
}

const [question, setQuestion] = createSignal<Question | null>(null);
export const confirm = (asked: Question): Question | null => setQuestion(asked);

export function Confirm(): JSX.Element {
  const close = () => setQuestion(null);
  return (
    <Show when={question()}>
      {(asked) => (
        <Modal title={asked().title} open onClose={close}>
          <p>{asked().text}</p>
          <footer>
            <Button label="Cancel" onClick={close} />
            <Button
              label={asked().yes}
              kind="danger"
              onClick={() => {
                asked().run();
                close();
              }}
            />
          </footer>
        </Modal>
      )}
    </Show>
  );
}
