/** A line of a log as the contract tells it. Pure. */
import type { ApiLine } from '../contract/api/logs.ts';
import type { LogLine } from '../logs/lines.ts';
import type { Position } from '../logs/tail.ts';
import { writePosition } from './cursor.ts';
import { recognise } from './level.ts';

/** Characters of a line that are told. */
const LONGEST = 64 * 1024;

export function apiLine({ service, run, time, text }: LogLine, at: Position): ApiLine {
  const id = `${service}@${writePosition(at)}`;
  if (text.length <= LONGEST) return { service, run, time, text, ...recognise(text), id };
  const part = text.slice(0, LONGEST);
  return { service, run, time, text: part, ...recognise(part), cut: true, id };
}
