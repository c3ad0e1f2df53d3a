/** What a machine may be out of for a while: whatever failed for that is worth another try. */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { errorCode } from './files.ts';

/** Descriptors, processes, memory, disk: errno(3). */
const FULL = ['ENOSPC', 'EDQUOT'];
const SCARCE = [...FULL, 'EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'];

/** Also of an error whose `cause` it was. */
export function isScarcity(error: unknown): boolean {
  if (SCARCE.includes(errorCode(error) ?? '')) return true;
  return error instanceof Error && error.cause !== undefined && isScarcity(error.cause);
}

/** The disk, or what this user may have of it. */
export function isDiskFull(error: unknown): boolean {
  return FULL.includes(errorCode(error) ?? '');
}

/** Throws EMFILE or ENFILE where this process may not open so many files more: before something that must not end half-way. */
export function needDescriptors(count: number): void {
  const open: number[] = [];
  try {
    while (open.length < count) open.push(openSync(devNull, 'r'));
  } finally {
    for (const fd of open) closeSync(fd);
  }
}
