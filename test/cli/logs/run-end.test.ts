import { expect, it } from 'vitest';
import { hasEnded } from '../../../src/cli/logs/run-end.ts';
import type { JournalEntry } from '../../../src/contract/journal.ts';

const started = (run: number, service = 'web'): JournalEntry => ({
  at: 1,
  kind: 'run-started',
  service,
  run,
  cause: { kind: 'start', by: 'cli' },
});
const ended = (run: number): JournalEntry => ({
  at: 2,
  kind: 'run-ended',
  service: 'web',
  run,
  exit: { code: 0 },
  cause: null,
  lasted: 1,
});

it.each<[string, JournalEntry[], number, boolean, boolean]>([
  ['told to have ended', [started(1), ended(1)], 1, true, true],
  ['never begun', [{ at: 1, kind: 'not-begun', service: 'web', run: 1 }], 1, true, true],
  [
    'lost to a reboot',
    [started(1), { at: 2, kind: 'machine-down', service: 'web', run: 1, exit: { unknown: true } }],
    1,
    true,
    true,
  ],
  ['still runs', [started(1), ended(1), started(2)], 2, true, false],
  ['still to come', [started(1)], 2, false, false],
  ['forgotten by the journal', [started(7)], 3, false, true],
  ['forgotten, and serves on while later ones failed', [started(7), ended(7)], 3, true, false],
  ["another service's", [started(7, 'db')], 3, false, false],
  ['nothing is known', [], 3, false, false],
])('a run that is %s', (_, journal, run, isRecorded, expected) => {
  expect(hasEnded(journal, 'web', run, isRecorded)).toBe(expected);
});
