/** Going on where an earlier daemon was: adopts what runs, catches up on what ended, arms what waits. */
import { type RunFolder, type RunRecord, runFolder } from '../process/run-folder.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Recovered } from './recover.ts';

/** `runs`: the folder of all run folders. */
export async function resume(
  engine: Engine,
  recovered: Recovered,
  journal: Journal,
  runs: string,
): Promise<void> {
  for (const { service, runs: unread } of recovered.unread) engine.runtime(service).finishRuns(unread);
  for (const record of recovered.open) {
    if (record.trial === true) continue;
    journal.add({ kind: 'adopted', service: record.service, run: record.run });
  }
  for (const { record, exit, at } of recovered.down) {
    const { service, run } = record;
    journal.add({ kind: 'machine-down', service, run, exit }, at);
    close(runFolder(runs, service, run), { ...record, exit, endedAt: at ?? null });
  }
  for (const run of recovered.notBegun) journal.add({ kind: 'not-begun', ...run });
  // Any event has the world looked at, and what is not wanted stopped: none before each run that lives is known.
  const adopted = engine.together(() => {
    for (const { service, ...ended } of recovered.ended) {
      const { run } = ended;
      engine.dispatch(service, { kind: 'exited', ...ended, portTaken: null });
      engine.dispatch(service, { kind: 'gone', run });
    }
    return recovered.open.map(async (record) => {
      const runtime = engine.runtime(record.service);
      if (await runtime.adopt(record)) return;
      replace(engine, record);
      runtime.abandon(record.run);
    });
  });
  // By now each run is listened to at its slot: what was on standby there before it is gone.
  for (const name of engine.services.keys()) engine.runtime(name).endLeftStandbys();
  await Promise.all(adopted);
  for (const name of [...engine.services.keys()]) {
    // What was told of the ones before may have moved this one on.
    const service = engine.services.get(name);
    if (service === undefined) continue;
    engine.askAgain(name);
    const { state, wanted } = service;
    const successor = state.kind === 'ready' ? state.successor : null;
    // Its check had passed, and nobody asks twice; what followed from it may not have been written down.
    if (successor !== null && engine.runtime(name).recordOf(successor.run)?.readyAt != null)
      engine.dispatch(name, { kind: 'ready', run: successor.run });
    if (wanted && state.kind === 'stopped')
      engine.dispatch(name, {
        kind: 'want-up',
        cause: { kind: 'boot', ...(recovered.rebooted && { machine: true }) },
      });
    // Any event has the world looked at again: what waited may go on, what was to stop is stopped.
    else engine.dispatch(name, { kind: 'timer', epoch: -1 });
  }
}

/** Not to be told again at the next start. */
function close(folder: RunFolder, record: RunRecord): void {
  try {
    folder.save(record);
  } catch {
    // A full disk: the next daemon tells it again.
  }
}

/** A successor that never came to be says nothing of its code: another one tries it. */
function replace(engine: Engine, { service, run, cause }: RunRecord): void {
  const state = engine.services.get(service)?.state;
  if (state?.kind === 'ready' && state.successor?.run === run)
    engine.dispatch(service, { kind: 'restart', cause });
}
