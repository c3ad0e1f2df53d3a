/** The readiness check of a run: what it looks at, and what becomes of what it finds. */
import type { GateSetting } from '../contract/sockets.ts';
import type { MovingLog } from '../logs/moving-log.ts';
import type { Family } from '../platform/listen-table.ts';
import type { SocketTrace } from '../platform/ports.ts';
import type { DaemonWorld, ServiceRuns } from './daemon-world.ts';
import { holderOf } from './held-ports.ts';
import type { Dial } from './http-get.ts';
import type { PortProbe } from './port-probe.ts';
import { type ReadinessWorld, watchReadiness } from './readiness.ts';
import { acceptProbe } from './seamless/accept-probe.ts';
import { openPrivate } from './seamless/control.ts';
import { heldProbe } from './seamless/held-probe.ts';
import type { RunSockets } from './seamless/run-sockets.ts';
import type { ServiceRun } from './service-run.ts';

export interface ReadinessOf {
  world: DaemonWorld;
  runs: ServiceRuns;
  log: MovingLog;
  onReady(run: number): void;
  /** What the run waits for has changed. */
  onChange(): void;
  /** What is held for this run, if anything is. */
  sockets?: RunSockets | null;
  /** `wait`: an older run serves meanwhile. */
  gate?: GateSetting;
}

/** Begins the check if the run is on its way; it ends with that (see ServiceRun). */
export function awaitReady(run: ServiceRun, of: ReadinessOf): void {
  const { world, runs, log, onReady, onChange, sockets = null, gate = 'open' } = of;
  let trace: SocketTrace | null = null;
  const sees: ReadinessWorld = {
    ports: probeFor(run, of),
    isOurs: (sockets: Set<string>) => {
      const pid = holderOf(run.run, sockets, runs, world);
      if (pid !== null) trace = world.ports.trace(pid, sockets);
      return pid !== null;
    },
    onListening: (port: number, family: Family) => {
      run.listening = { port, family, trace: trace ?? heldTrace(port, sockets, world) };
    },
    onText: (onText: (text: string) => void) => log.attach(run.run, run.folder.spool, { onText }),
    env: world.env,
    dial: (port) => dialTo(port, sockets),
    gatedPort: gate === 'wait' ? (sockets?.held.ports[0] ?? null) : null,
  };
  const passed = () => {
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

/** Where a socket is held for the run, that it listens is no proof that somebody is there. */
function probeFor({ held }: ServiceRun, { world, sockets = null }: ReadinessOf): PortProbe {
  if (sockets !== null) return heldProbe(sockets, world, world.portProbe);
  return held?.record.way === 'listen-fds'
    ? acceptProbe(held.record, world.ports, world.portProbe)
    : world.portProbe;
}

/** Privately: until it is attached an older run would answer, and afterwards another might as well. */
function dialTo(port: number, sockets: RunSockets | null): Dial | null {
  const control = sockets?.holderOf(port)?.control;
  return control == null ? null : () => openPrivate(control, port);
}

function heldTrace(port: number, sockets: RunSockets | null, { ports }: DaemonWorld): SocketTrace | null {
  const holder = sockets?.holderOf(port);
  if (sockets == null || holder == null) return null;
  const held = sockets.held.sockets.find((each) => each.port === port && each.address === holder.address);
  return held?.socket == null ? null : ports.trace(holder.pid, new Set([held.socket]), held.fds);
}
