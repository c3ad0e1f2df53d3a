/** The time, once a second: for ages and countdowns. Stands still while the page is hidden. */
import { createSignal } from 'solid-js';

const [now, setNow] = createSignal(Date.now());

export { now };

setInterval(() => document.hidden || setNow(Date.now()), 1000);
document.addEventListener('visibilitychange', () => setNow(Date.now()));
