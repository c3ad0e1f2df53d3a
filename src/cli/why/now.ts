/** How a service is now, in one line above its story. */
import type { ServiceStatus } from '../../contract/status.ts';

export function nowLine(service: string, status: ServiceStatus | undefined): string {
  if (status === undefined) return `${service} is stopped.`;
  const { state, ready, run, pid, waitingFor, mode } = status;
  if (waitingFor.length > 0) return `${service} waits for ${waitingFor.join(', ')}.`;
  const word = state === 'ready' && !ready ? 'running but does not answer' : STATES[state];
  const facts = [run === null || pid === null ? null : `run ${run}`, pid === null ? null : `pid ${pid}`];
  const known = facts.filter((fact) => fact !== null);
  const now = `${service} is ${word}${known.length === 0 ? '' : ` (${known.join(', ')})`}.`;
  const why = whyMode(status);
  return why === null ? now : `${now} Mode ${status.unheld === null ? mode : 'plain'}: ${why}.`;
}

/** A run whose port is not held is restarted plainly, whatever is the rule for its service. */
function whyMode({ mode, modeReason, unheld }: ServiceStatus): string | null {
  return unheld === null ? modeReason : `${unheld} (its rule is ${mode})`;
}

const STATES: Record<ServiceStatus['state'], string> = {
  stopped: 'stopped',
  starting: 'starting',
  ready: 'ready',
  stopping: 'being stopped',
  backoff: 'about to be tried again',
  crashed: 'parked',
  exited: 'at its end',
};
