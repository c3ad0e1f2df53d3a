/**
 * The terminal as a whole screen: taken, drawn on, and given back as it was.
 * Only rows that have changed are written, in one piece, and not before the terminal has taken the piece before.
 */
import { writeSync } from 'node:fs';
import type { Size } from './model.ts';
import type { Row } from './view.ts';

// xterm's control sequences: alternate screen, cursor, wrapping at the margin, bracketed paste.
const TAKE = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[2J';
const GIVE_BACK = '\u001b[?2004l\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l';
/** What stands between them appears at once, where the terminal knows how (mode 2026); others ignore it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

export interface Screen {
  size(): Size;
  take(): void;
  /** Gives it back: at once, also in a process that is about to end. Does nothing the second time. */
  giveBack(): void;
  /** Draws when the terminal can take it: the newest picture only. */
  draw(rows: () => Row[]): void;
  /** Forgets what was drawn: the next picture is drawn whole. */
  forget(): void;
}

export function createScreen(input: typeof process.stdin, output: typeof process.stdout): Screen {
  let taken = false;
  let drawn: string[] = [];
  let waiting: (() => Row[]) | null = null;
  let blocked = false;

  const write = (text: string) => {
    if (output.write(text)) return;
    blocked = true;
    output.once('drain', () => {
      blocked = false;
      const next = waiting;
      waiting = null;
      if (next !== null) draw(next);
    });
  };
  const draw = (rows: () => Row[]) => {
    if (!taken) return;
    if (blocked) {
      waiting = rows;
      return;
    }
    const now = rows().map(written);
    const changed = now.flatMap((text, index) =>
      text === drawn[index] ? [] : [`\u001b[${index + 1};1H${text}`],
    );
    drawn = now;
    if (changed.length > 0) write(`${BEGIN}${changed.join('')}${END}`);
  };

  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    take() {
      taken = true;
      drawn = [];
      if (input.isTTY) input.setRawMode(true);
      write(TAKE);
    },
    giveBack() {
      if (!taken) return;
      taken = false;
      waiting = null;
      try {
        writeSync(output.fd, GIVE_BACK);
      } catch {
        // The terminal is gone.
      }
      try {
        if (input.isTTY) input.setRawMode(false);
      } catch {
        // The same.
      }
    },
    draw,
    forget() {
      drawn = [];
      if (taken) write('\u001b[2J');
    },
  };
}

/** The right part is put into its column, whatever the terminal makes of the signs before it. */
function written({ left, at, right }: Row): string {
  if (at === 0) return `${left}\u001b[0m\u001b[K`;
  return `${left}\u001b[0m\u001b[${at + 1}G\u001b[K${right}\u001b[0m`;
}
