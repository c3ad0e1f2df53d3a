import { expect, it } from 'vitest';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { paints } from '../../src/status/colours.ts';
import { renderStatus } from '../../src/status/render.ts';

const service = (name: string, rest: Partial<ServiceStatus>): ServiceStatus => ({
  name,
  state: 'ready',
  wanted: 'up',
  ready: true,
  pid: 7,
  ports: [],
  url: null,
  run: 1,
  startedAt: null,
  restarts: 0,
  cpu: null,
  memory: null,
  cause: null,
  exit: null,
  groups: [],
  description: '',
  reason: null,
  waitingFor: [],
  retryAt: null,
  configChanged: false,
  mode: 'plain',
  modeReason: null,
  unheld: null,
  editFailed: null,
  successor: null,
  draining: [],
  watching: { kind: 'not-yet' },
  notes: [],
  ...rest,
});

async function remarks(services: ServiceStatus[], notes: string[] = []): Promise<string[]> {
  const report = { workspace: '/w', daemon: null, services, notes };
  const text = renderStatus(report, 0, null, await paints(false));
  return text.split('\n').slice(services.length + 2, -2);
}

it('tells what is true of several services once', async () => {
  const deno = 'edits are not followed exactly: deno is not a Node, Python or Ruby program';
  const told = await remarks(
    [
      service('a', { notes: [deno, 'of a alone'] }),
      service('b', { notes: ['of b alone'] }),
      service('c', { notes: [deno] }),
    ],
    ['of the workspace'],
  );
  expect(told).toEqual([`a, c: ${deno}`, 'a: of a alone', 'b: of b alone', 'of the workspace']);
});
