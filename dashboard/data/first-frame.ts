/** What runs is on the screen before anything else is asked for, loaded or drawn. */
import { createSignal } from 'solid-js';

const [isDrawn, setDrawn] = createSignal(false);
let resolveDrawn = () => {};
/** Resolves when the page has been drawn for the first time; at once where it is hidden. */
const drawn = new Promise<void>((resolve) => {
  resolveDrawn = resolve;
});

export { drawn, isDrawn };

/** The page has just been rendered. */
export function awaitFirstFrame(): void {
  const tell = () => {
    setDrawn(true);
    resolveDrawn();
  };
  if (document.hidden) tell();
  else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(tell)));
}
