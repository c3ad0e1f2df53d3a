/** Cursors: how far a reader has got in the journal and in each log. Opaque to readers; pure. */
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import type { Position } from '../logs/tail.ts';

export interface Cursor {
  journal: Position | null;
  /** By service. */
  logs: Map<string, Position>;
}

const VERSION = '1';
const NUMBER = /^[0-9a-z]+$/;

export function emptyCursor(): Cursor {
  return { journal: null, logs: new Map() };
}

export function writeCursor({ journal, logs }: Cursor): string {
  const parts = [...logs].map(
    ([service, position]) => `${encodeURIComponent(service)}=${writePosition(position)}`,
  );
  const text = [VERSION, journal === null ? '' : writePosition(journal), ...parts].join('&');
  return Buffer.from(text).toString('base64url');
}

/** Throws UserError (usage) for what was never a cursor. */
export function readCursor(text: string): Cursor {
  const [version, journal = '', ...parts] = Buffer.from(text, 'base64url').toString().split('&');
  if (version !== VERSION) throw wrong();
  const logs = parts.map((part): [string, Position] => {
    const [service = '', position = ''] = part.split('=');
    return [decoded(service), readPosition(position)];
  });
  return { journal: journal === '' ? null : readPosition(journal), logs: new Map(logs) };
}

export function writePosition({ file, offset }: Position): string {
  return `${file}-${offset.toString(36)}`;
}

function readPosition(text: string): Position {
  const [file = '', offset = '', ...more] = text.split('-');
  const number = NUMBER.test(offset) ? Number.parseInt(offset, 36) : Number.NaN;
  if (more.length > 0 || !Number.isSafeInteger(number) || !/^(?:[0-9a-z]+\.[0-9a-z]+)?$/.test(file))
    throw wrong();
  return { file, offset: number };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong();
  }
}

function wrong(): UserError {
  return new UserError(
    ExitCode.usage,
    'The cursor is not one that Upkeep has given.',
    'Ask again without a cursor.',
  );
}
