/** What a run tells of the sockets that are held for it, as events of its service. */
import type { GateSetting } from '../../contract/sockets.ts';
import type { Processes } from '../../platform/proc.ts';
import type { HeldRecord } from '../../process/held-record.ts';
import type { ServiceEvent } from '../../supervisor/events.ts';
import type { ServiceRun } from '../service-run.ts';
import { controlPath } from './control-path.ts';
import { RunSockets } from './run-sockets.ts';

export type SocketEvent = Extract<ServiceEvent, { kind: 'gated' | 'attached' | 'refused' | 'unheld' }>;

/** Of a run that was launched just now. Nothing where it found nothing held, or its program has no hook. */
export function followSockets(
  run: ServiceRun,
  processes: Processes,
  tell: (event: SocketEvent) => void,
): void {
  const { held } = run;
  if (held === null || held.record.way !== 'hook') return;
  run.sockets = new RunSockets({
    report: run.folder.report,
    control: held.control,
    held: held.record,
    isAlive: (pid) => processes.get(pid) !== null,
    events: {
      gated: (address) => tell({ kind: 'gated', run: run.run, address }),
      attached: (address) => tell({ kind: 'attached', run: run.run, address }),
      refused: (address) => tell({ kind: 'refused', run: run.run, address }),
      unheld: (why) => tell({ kind: 'unheld', run: run.run, why }),
    },
  });
}

/** What an earlier daemon gave a run: the same shim holds it still. One that was launched without tells nothing. */
export function adoptSockets(
  run: ServiceRun,
  held: HeldRecord | null,
  place: { id: string; service: string; gate: GateSetting; processes: Processes },
  tell: (event: SocketEvent) => void,
): void {
  const { id, service, gate, processes } = place;
  const control = controlPath(id, service, run.run);
  if (held === null || control === null) return;
  run.held = { record: held, control, gate };
  followSockets(run, processes, tell);
  // At once: what it is asked next needs its control sockets.
  run.sockets?.readNow();
}
