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
      leaveAgain(engine, record.service, record.run);
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
    if (state.kind === 'ready' && state.successor !== null) {
      engine.rearm(name, clock.now() + spec.readyTimeout);
      if (state.successor.phase === 'attaching') engine.runtime(name).approve(state.successor.run);
    }
    if (wanted && state.kind === 'stopped')
      engine.dispatch(name, { kind: 'want-up', cause: { kind: 'boot' } });
    // Any event has the world looked at again: what waited may go on, what was to stop is stopped.
    else engine.dispatch(name, { kind: 'timer', epoch: -1 });
  }
}

/** A run that the daemon before was ending: it may have died before it said so. */
function leaveAgain(engine: Engine, name: string, run: number): void {
  const service = engine.services.get(name);
  const runtime = engine.runtime(name);
  if (service?.state.kind === 'stopping' && service.state.run === run) return runtime.terminate(run, 0);
  const retiring = service?.retiring.find((each) => each.run === run);
  if (service === undefined || retiring === undefined) return;
  const { drain, grace } = service.spec.stop;
  if (retiring.how === 'discard') runtime.discard(run);
  else runtime.retireRun(run, retiring.how === 'drain' ? drain : 0, grace);
}
