import type { Rig } from '../rig/rig.ts';

/** The pid of the rig's gateway. */
export function livingGateway(rig: Rig): number {
  const found = rig.processes().find(({ command }) => command.includes('gateway.cjs'));
  if (found === undefined) throw new Error('no gateway lives');
  return found.pid;
}
