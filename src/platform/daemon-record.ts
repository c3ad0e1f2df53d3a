/** Reading who the daemon of a workspace is, or was. */
import { DaemonRecord } from '../contract/daemon-record.ts';
import { readJson } from './files.ts';

/** Null when none ran since the last one ended on purpose, or the record is unreadable. */
export function readDaemonRecord(path: string): DaemonRecord | null {
  const parsed = DaemonRecord.safeParse(readJson(path));
  return parsed.success ? parsed.data : null;
}
