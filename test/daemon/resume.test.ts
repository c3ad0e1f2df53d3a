/** A daemon that died in the middle of a swap: what the next one asks for. */
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/contract/facts.ts';
import { NO_SWAP } from '../../src/contract/service-state.ts';
import type { Engine } from '../../src/daemon/engine.ts';
import type { Journal } from '../../src/daemon/journal.ts';
import type { Recovered } from '../../src/daemon/recover.ts';
import { resume } from '../../src/daemon/resume.ts';
import type { RunRecord } from '../../src/process/run-folder.ts';

const CAUSE: Cause = { kind: 'edit', files: ['web.js'] };
const JOURNAL = { add: () => {} } as unknown as Journal;

/** What `resume` asks of an engine in which run 2 is to take over from run 1. */
async function asked(successor: { readyAt: number | null; begun: boolean }): Promise<unknown[]> {
  const calls: unknown[] = [];
  const record = (run: number, readyAt: number | null) =>
    ({ service: 'web', run, cause: CAUSE, readyAt }) as RunRecord;
  const open = [record(1, 5), record(2, successor.readyAt)];
  const next = { run: 2, cause: CAUSE, since: 9, phase: 'starting', gated: [], held: [] };
  const state = { kind: 'ready', run: 1, cause: CAUSE, since: 1, readyAt: 5, ...NO_SWAP, successor: next };
  const engine = {
    services: new Map([['web', { state, wanted: true }]]),
    runtime: () => ({
      endLeftStandbys: () => {},
      adopt: async ({ run }: RunRecord) => run === 1 || successor.begun,
      abandon: (run: number) => calls.push(`abandon ${run}`),
      recordOf: (run: number) => open.find((each) => each.run === run) ?? null,
    }),
    askAgain: () => calls.push('again'),
    dispatch: (_: string, event: { kind: string }) => calls.push(event),
    together: <T>(act: () => T) => act(),
  } as unknown as Engine;
  const nothing = { services: [], ended: [], unread: [], notBegun: [], down: [], notes: [] };
  const recovered: Recovered = { ...nothing, open, rebooted: false };
  await resume(engine, recovered, JOURNAL, '/runs');
  return calls;
}

const LOOK = { kind: 'timer', epoch: -1 };

describe('a successor', () => {
  it('that still starts is waited for', async () => {
    expect(await asked({ readyAt: null, begun: true })).toEqual(['again', LOOK]);
  });

  it('whose check had passed takes over, though nobody wrote down what followed', async () => {
    expect(await asked({ readyAt: 8, begun: true })).toEqual(['again', { kind: 'ready', run: 2 }, LOOK]);
  });

  it('that was never begun is tried again', async () => {
    const calls = await asked({ readyAt: null, begun: false });
    expect(calls.slice(0, 2)).toEqual([{ kind: 'restart', cause: CAUSE }, 'abandon 2']);
  });
});
