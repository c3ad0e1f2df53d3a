/** Whose run an edit brought, whatever that run has loaded. */
import { expect, it } from 'vitest';
import type { Cause } from '../../src/contract/facts.ts';
import { NO_SWAP, type ServiceState } from '../../src/contract/service-state.ts';
import { isBroughtBy } from '../../src/daemon/brought-by.ts';
import { BY_CLI, serviceIn } from '../supervisor/services.ts';

const EDIT: Cause = { kind: 'edit', files: ['a.js', 'lib/lz.js'] };
const ready: ServiceState = { kind: 'ready', run: 3, cause: BY_CLI, since: 1, readyAt: 2, ...NO_SWAP };
const failedEdit = { run: 4, cause: EDIT, exit: { code: 1 }, message: 'ended', at: 5 };
const successor = {
  run: 4,
  cause: EDIT,
  since: 5,
  phase: 'starting' as const,
  gated: [],
  held: [],
  trial: false,
};

it.each([
  { what: 'the run that serves', service: serviceIn(ready, { lastCause: EDIT }), is: true },
  { what: 'the one that failed', service: serviceIn({ ...ready, failedEdit }), is: true },
  { what: 'the one that is to take over', service: serviceIn({ ...ready, successor }), is: true },
  {
    what: 'the one that crashed',
    service: serviceIn({ kind: 'backoff', exit: { code: 1 }, until: 9, delay: 1 }, { lastCause: EDIT }),
    is: true,
  },
  { what: 'none', service: serviceIn(ready), is: false },
])('$what: $is', ({ service, is }) => {
  expect(isBroughtBy(service, ['lib/lz.js'])).toBe(is);
  expect(isBroughtBy(service, ['lz.js'])).toBe(false);
  expect(isBroughtBy(service, [])).toBe(false);
});
