import { expect, it } from 'vitest';
import { startSummary, trackFailures } from '../../../src/cli/up/failures.ts';
import type { Outcome } from '../../../src/contract/protocol.ts';

const outcome = (service: string, ok: boolean, message: string | null = null): Outcome => ({
  service,
  ok,
  state: ok ? 'ready' : 'crashed',
  url: null,
  pid: null,
  took: 1,
  already: false,
  message,
  lastLines: [],
});

it('remembers who failed until it is ready after all', () => {
  const failures = trackFailures();
  expect(failures.any).toBe(false);
  failures.started([outcome('web', true), outcome('api', false)]);
  failures.saw({ at: 1, kind: 'run-ready', service: 'web', run: 1, took: 1 });
  expect(failures.any).toBe(true);
  failures.saw({ at: 1, kind: 'run-ready', service: 'api', run: 2, took: 1 });
  expect(failures.any).toBe(false);
});

it('sums a start up', () => {
  expect(startSummary([outcome('web', true)])).toBe('1 of 1 ready. Ctrl-C stops it.');
  expect(startSummary([outcome('web', true), outcome('api', false, 'cannot be started')])).toBe(
    '1 of 2 ready. api: cannot be started. Ctrl-C stops them.',
  );
});
