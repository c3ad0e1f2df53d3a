/** All faults. */
import { daemonFaults } from './daemon.ts';
import type { Fault } from './fault.ts';

export const FAULTS: readonly Fault[] = [...daemonFaults];
