/** Keys as they are pressed, each with one name. */
import { emitKeypressEvents } from 'node:readline';
import type { Key } from './model.ts';

interface Pressed {
  name?: string;
  sequence?: string;
  ctrl?: boolean;
  meta?: boolean;
}

/** ms after which an Esc that nothing follows is the key, not the beginning of a sequence; over ssh these come in one piece. */
const ESCAPE_PAUSE = 50;

/** What is pasted is no key: nothing is stopped by the text of a clipboard. Returns the undo. */
export function listenToKeys(input: NodeJS.ReadStream, onKey: (key: Key) => void): () => void {
  let pasting = false;
  const listener = (_: string | undefined, pressed: Pressed) => {
    if (pressed.name === 'paste-start') pasting = true;
    else if (pressed.name === 'paste-end') pasting = false;
    else if (!pasting) {
      const key = named(pressed);
      if (key !== null) onKey(key);
    }
  };
  // Node reads the pause from the interface that keys are for, and needs nothing else of it.
  emitKeypressEvents(input, { escapeCodeTimeout: ESCAPE_PAUSE } as never);
  input.on('keypress', listener);
  input.resume();
  return () => {
    input.off('keypress', listener);
    input.pause();
  };
}

/** Node's names are of the key; here `R` is another one than `r`. */
export function named({ name, sequence = '', ctrl = false, meta = false }: Pressed): Key | null {
  if (meta && name !== 'escape') return null;
  if (!ctrl && [...sequence].length === 1 && sequence > ' ' && sequence !== '\u007f')
    return { name: sequence, ctrl: false };
  return name === undefined ? null : { name, ctrl };
}
