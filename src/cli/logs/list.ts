/** Which logs there are. */
import { relative } from 'node:path';
import { bytes } from '../../contract/bytes.ts';
import { rotatedLog, rotatedNumbers, visibleLog } from '../../logs/layout.ts';
import { statAt } from '../../platform/stat.ts';
import { renderTable } from '../../status/table.ts';

export interface LogFact {
  service: string;
  /** Absolute path of the visible log, which is there once the service has printed something. */
  path: string;
  /** Bytes of the visible log and its rotated files. */
  size: number;
  /** Number of rotated files. */
  rotated: number;
  /** ISO time of the last output; null when it has not printed anything. */
  written: string | null;
}

export function logFacts(logDir: string, services: string[]): LogFact[] {
  return services.map((service) => {
    const path = visibleLog(logDir, service);
    const current = statAt(path);
    const old = rotatedNumbers(path).flatMap((number) => statAt(rotatedLog(path, number)) ?? []);
    const all = current === null ? old : [current, ...old];
    return {
      service,
      path,
      size: all.reduce((sum, { size }) => sum + size, 0),
      rotated: old.length,
      written: all[0]?.mtime.toISOString() ?? null,
    };
  });
}

/** A table with a heading; '' for no logs. */
export function logTable(facts: LogFact[], now: number, cwd: string): string {
  if (facts.length === 0) return '';
  const rows = facts.map(({ service, size, written, path }) => [
    service,
    written === null ? '-' : bytes(size),
    written === null ? 'nothing yet' : `${readableAge(now - Date.parse(written))} ago`,
    relative(cwd, path),
  ]);
  const columns = ['NAME', 'SIZE', 'WRITTEN', 'FILE'].map((head) => ({ head }));
  return `${renderTable(columns, rows, null, (head) => head)}\n`;
}

/** In its largest whole unit. */
export function readableAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
