/**
 * A descriptor that is kept for the moment in which this process may open no more files. What is read and closed at
 * once can then be read all the same: that a process or a record could not be looked at must not be taken for its end.
 */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

let isKept = false;
let reserve: number | null = null;

/** From now on. A command that lives for a moment needs none. */
export function keepReserve(): void {
  isKept = true;
  refill();
}

/** `act` opens one file; where that fails for want of a descriptor, it is done again with the reserve. */
export function withReserve<T>(act: () => T): T {
  if (isKept && reserve === null) refill();
  try {
    return act();
  } catch (error) {
    if (reserve === null || !isOutOfDescriptors(error)) throw error;
    closeSync(reserve);
    reserve = null;
    try {
      return act();
    } finally {
      refill();
    }
  }
}

/** Where `act` has kept its file open there is none, until that is closed. */
function refill(): void {
  try {
    reserve = openSync(devNull, 'r');
  } catch {
    reserve = null;
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
