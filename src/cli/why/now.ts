/** How a service is now, in one line above its story. */
import type { ServiceStatus } from '../../contract/status.ts';

export function nowLine(service: string, status: ServiceStatus | undefined): string {
  if (status === undefined) return `${service} is stopped.`;
  const { state, ready, run, pid, waitingFor } = status;
  if (waitingFor.length > 0) return `${service} waits for ${waitingFor.join(', ')}.`;
  const word = state === 'ready' && !ready ? 'running but does not answer' : STATES[state];
  const facts = [run === null || pid === null ? null : `run ${run}`, pid === null ? null : `pid ${pid}`];
  const known = facts.filter((fact) => fact !== null);
  return `${service} is ${word}${known.length === 0 ? '' : ` (${known.join(', ')})`}.`;
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
