import { expect, it } from 'vitest';
import { readyWords } from '../../src/contract/ready-count.ts';

const web = { ready: true, state: 'ready', exit: null } as const;
const down = { ready: false, state: 'crashed', exit: { code: 1 } } as const;
const done = { ready: false, state: 'exited', exit: { code: 0 } } as const;
const failed = { ready: false, state: 'exited', exit: { code: 4 } } as const;
const killed = { ready: false, state: 'exited', exit: { signal: 'SIGKILL' } } as const;

it.each([
  [[web, web], '2 of 2 ready'],
  [[web, down], '1 of 2 ready'],
  [[web, done, done], '1 of 1 ready, 2 completed'],
  [[web, done, failed, killed], '1 of 3 ready, 1 completed'],
  [[], '0 of 0 ready'],
])('%#', (services, words) => {
  expect(readyWords(services)).toBe(words);
});
