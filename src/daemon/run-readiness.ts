/** The readiness check of a run: what it looks at, and what becomes of what it finds. */
import type { ServiceLog } from '../logs/service-log.ts';
import type { Family } from '../platform/listen-table.ts';
import type { SocketTrace } from '../platform/ports.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { holderOf } from './held-ports.ts';
import { watchReadiness } from './readiness.ts';
import type { ServiceRun } from './service-run.ts';

export interface ReadinessOf {
  world: DaemonWorld;
  runs: ServiceRuns;
  log: ServiceLog;
  onReady(run: number): void;
  /** What the run waits for has changed. */
  onChange(): void;
}

/** Begins the check if the run is on its way; it ends with that (see ServiceRun). */
export function awaitReady(run: ServiceRun, { world, runs, log, onReady, onChange }: ReadinessOf): void {
  let trace: SocketTrace | null = null;
  const sees = {
    ports: world.portProbe,
    isOurs: (sockets: Set<string>) => {
      const pid = holderOf(run.run, sockets, runs, world);
      if (pid !== null) trace = world.ports.trace(pid, sockets);
      return pid !== null;
    },
    onListening: (port: number, family: Family) => {
      run.listening = { port, family, trace };
    },
    onText: (onText: (text: string) => void) => log.attach(run.run, run.folder.spool, { onText }),
    env: world.env,
  };
  const passed = () => {
    runs.forgetScript(run.run);
    run.ready(world.clock.wall());
    onReady(run.run);
  };
  const waitsFor = (detail: string) => {
    if (run.detail === detail) return;
    run.detail = detail;
    onChange();
  };
  run.check((spec) => watchReadiness(spec, sees, passed, waitsFor));
}
