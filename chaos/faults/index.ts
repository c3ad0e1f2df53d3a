/** All faults. */
import { commandFaults } from './commands.ts';
import { daemonFaults } from './daemon.ts';
import type { Fault } from './fault.ts';
import { fileFaults } from './files.ts';
import { freezeFaults } from './freeze.ts';
import { limitFaults } from './limits.ts';
import { pointFaults } from './points.ts';
import { processFaults } from './processes.ts';

export const FAULTS: readonly Fault[] = [
  ...daemonFaults,
  ...processFaults,
  ...pointFaults,
  ...freezeFaults,
  ...fileFaults,
  ...commandFaults,
  ...limitFaults,
];
