/** How long `start` and `wait` wait for a service that fails. */
import { describe, expect, it } from 'vitest';
import { progressOf, startOutcome, waitOutcome } from '../../src/daemon/outcome.ts';
import type { Service } from '../../src/supervisor/state.ts';
import { BY_CLI, dependsOn, serviceIn, specOf } from '../supervisor/services.ts';

const EXIT = { code: 1 };

/** Ended by itself, and tried again `delay` ms later. `attempt` counts since the command, `failures` within the window. */
function failing(delay: number, attempt: number, failures = attempt): Service {
  return serviceIn(
    { kind: 'backoff', exit: EXIT, until: 100 + delay, delay },
    {
      attempt,
      failures: Array.from({ length: failures }, (_, index) => index),
    },
  );
}

function verdict(service: Service) {
  return startOutcome(new Map([['web', service]]), service, 0);
}

describe('start', () => {
  it.each([
    ['a first quick failure', failing(100, 1), null],
    ['the delay of the first specification', failing(2_000, 1), null],
    [
      'a second failure',
      failing(200, 2),
      'failed 2 times, last with exit 1, and is tried again in 200 ms (failure 2 of 5)',
    ],
    [
      'a second one, the first outside the window',
      failing(200, 2, 1),
      'failed 2 times, last with exit 1, and is tried again in 200 ms (failure 1 of 5)',
    ],
    [
      'a next try far away',
      failing(30_000, 1),
      'ended with exit 1, and is tried again in 30.0 s (failure 1 of 5)',
    ],
  ])('%s', (_, service, message) => {
    expect(verdict(service)).toEqual(message === null ? null : { ok: false, message });
  });

  it('of one that serves, and whose restart waits for what does not come', () => {
    const spec = specOf('api', { dependsOn: [dependsOn('web')] });
    const ready = { kind: 'ready', run: 1, cause: BY_CLI, held: [], unheld: null, successor: null } as const;
    const state = { ...ready, since: 0, readyAt: 0, failedEdit: null } as unknown as Service['state'];
    const api: Service = { ...serviceIn(state), spec, mode: 'swap', restartAsked: BY_CLI };
    const world = (web: Service) =>
      new Map([
        ['web', web],
        ['api', api],
      ]);
    const parked = world(
      serviceIn({ kind: 'crashed', reason: { kind: 'failures', count: 5, window: 60_000 } }),
    );
    expect(startOutcome(parked, api, 0)).toEqual({ ok: false, message: 'waits for web' });
    expect(waitOutcome(parked, api, true)).toEqual({ ok: false, message: 'waits for web' });
    const shown = { detail: '', pid: 7, url: null, already: false };
    expect(progressOf(parked, api, shown, 0, 0).detail).toBe('its restart waits for web');
    expect(startOutcome(world(failing(100, 1)), api, 0)).toBe(null);
  });

  it.each([
    ['failed once', failing(100, 1), null],
    ['fails again and again', failing(200, 2), { ok: false, message: 'waits for web' }],
    ['is tried again much later', failing(30_000, 1), { ok: false, message: 'waits for web' }],
  ])('of one that needs another, which %s', (_, web, expected) => {
    const spec = specOf('api', { dependsOn: [dependsOn('web')] });
    const api = { ...serviceIn({ kind: 'waiting', cause: BY_CLI }), spec };
    const world = new Map([
      ['web', web],
      ['api', api],
    ]);
    expect(startOutcome(world, api, 0)).toEqual(expected);
    expect(waitOutcome(world, api, true)).toBe(null);
  });
});

it('`wait NAME` has the patience that `start` has not', () => {
  const web = failing(30_000, 4);
  expect(waitOutcome(new Map([['web', web]]), web, true)).toBe(null);
});

it('what failed is told with its last lines while it is tried again', () => {
  const shown = { detail: '', pid: null, url: null, already: false };
  const told = (service: Service) => progressOf(new Map([['web', service]]), service, shown, 1, 1, ['boom']);
  expect(told(failing(20_000, 1))).toMatchObject({
    detail: 'exit 1, tried again in 20.0 s (failure 1 of 5)',
    lastLines: ['boom'],
  });
  expect(told(serviceIn({ kind: 'waiting', cause: BY_CLI }))).not.toHaveProperty('lastLines');
});
