/** What runs is on the screen before anything else is asked for, loaded or drawn. */
import { createSignal } from 'solid-js';

const [isDrawn, setDrawn] = createSignal(false);
let resolveDrawn = () => {};
/** Resolves when the page has been drawn for the first time; at once where it is hidden. */
const drawn = new Promise<void>((resolve) => {
  resolveDrawn = resolve;
});

export { drawn, isDrawn };

/** ms after which the page counts as drawn where the browser does not tell. */
const LATEST_MS = 1_000;

/** The page has just been rendered. */
export function awaitFirstFrame(): void {
  const tell = () => {
    setDrawn(true);
    resolveDrawn();
  };
  if (document.hidden) return tell();
  setTimeout(tell, LATEST_MS);
  requestAnimationFrame(() => requestAnimationFrame(() => whenPainted(tell)));
}

/**
 * A frame is made long before it is on the screen: what is begun meanwhile takes the cores from those who draw it. See
 * Paint Timing, first contentful paint.
 */
function whenPainted(tell: () => void): void {
  if (!PerformanceObserver.supportedEntryTypes.includes('paint')) return void setTimeout(tell);
  const observer = new PerformanceObserver((entries) => {
    if (entries.getEntriesByName('first-contentful-paint').length === 0) return;
    observer.disconnect();
    tell();
  });
  observer.observe({ type: 'paint', buffered: true });
}
