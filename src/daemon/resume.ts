/** Going on where an earlier daemon was: adopts what runs, catches up on what ended, arms what waits. */
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Recovered } from './recover.ts';

export async function resume(
  engine: Engine,
  recovered: Recovered,
  journal: Journal,
  clock: Clock,
): Promise<void> {
  for (const { service, runs } of recovered.unread) engine.runtime(service).finishLogs(runs);
  for (const { service, run, exit } of recovered.ended) {
    engine.dispatch(service, { kind: 'exited', run, exit, portTaken: null });
    engine.dispatch(service, { kind: 'gone', run });
  }
  for (const record of recovered.open) {
    journal.add({ kind: 'adopted', service: record.service, run: record.run });
  }
  await Promise.all(
    recovered.open.map(async (record) => {
      await engine.runtime(record.service).adopt(record);
      const state = engine.services.get(record.service)?.state;
      if (state?.kind === 'stopping' && state.run === record.run)
        engine.runtime(record.service).terminate(record.run);
    }),
  );
  for (const name of [...engine.services.keys()]) {
    // What was told of the ones before may have moved this one on.
    const service = engine.services.get(name);
    if (service === undefined) continue;
    const { state, wanted, spec } = service;
    if (state.kind === 'backoff') engine.rearm(name, state.until);
    if (state.kind === 'stopping') engine.rearm(name, state.killAt);
    if (state.kind === 'starting') engine.rearm(name, clock.now() + spec.readyTimeout);
    if (wanted && state.kind === 'stopped')
      engine.dispatch(name, { kind: 'want-up', cause: { kind: 'boot' } });
    // Any event has the world looked at again: what waited may go on, what was to stop is stopped.
    else engine.dispatch(name, { kind: 'timer', epoch: -1 });
  }
}
