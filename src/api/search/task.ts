/** What is looked for in a thread of its own. All of it can be sent there and back. */
import type { LogsPage, LogsQuery } from '../../contract/api/logs.ts';
import type { ExitCode } from '../../contract/exit-codes.ts';
import type { LogLine } from '../../logs/lines.ts';
import type { LinesChoice, LogPlace } from '../chosen-lines.ts';

interface Whose {
  place: LogPlace;
  services: string[];
}

export type SearchTask =
  | (Whose & { kind: 'page'; query: LogsQuery; now: number })
  | (Whose & { kind: 'last'; choice: LinesChoice; most: number });

export interface Found {
  page: LogsPage;
  last: { lines: LogLine[]; cut: boolean };
}

export type SearchAnswer =
  | { found: Found[keyof Found] }
  /** As a UserError has it; `code` null: it was a fault. */
  | { failed: { message: string; hint: string | null; code: ExitCode | null } };
