// Waiting for a condition, with an end.
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Until a start is over for a daemon too: a run counts as healthy after 10 s, and compiler and collector have done. */
export function settle() {
  return sleep(12_000);
}

/** Resolves when `holds` returns something true, and with it. Rejects after `timeout` ms, saying what was waited for. */
export async function until(what, holds, { timeout = 30_000, interval = 10 } = {}) {
  const deadline = performance.now() + timeout;
  for (;;) {
    const answer = await holds();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeout / 1000} s for ${what}`);
    await sleep(interval);
  }
}
