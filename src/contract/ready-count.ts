/** How many services are ready, of those that are to be: one that has done its work and ended well is not missed. */
import { isSuccess } from './exit.ts';
import type { ServiceStatus } from './status.ts';

type Service = Pick<ServiceStatus, 'ready' | 'state' | 'exit'>;

export interface ReadyCount {
  ready: number;
  of: number;
  completed: number;
}

export function readyCount(services: readonly Service[]): ReadyCount {
  const ready = services.filter((service) => service.ready).length;
  const completed = services.filter(isCompleted).length;
  return { ready, of: services.length - completed, completed };
}

/** `4 of 4 ready, 3 completed`. */
export function readyWords(services: readonly Service[]): string {
  const { ready, of, completed } = readyCount(services);
  return `${ready} of ${of} ready${completed === 0 ? '' : `, ${completed} completed`}`;
}

function isCompleted({ state, exit }: Service): boolean {
  return state === 'exited' && isSuccess(exit);
}
