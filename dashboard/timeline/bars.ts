/** The journal as bars and marks: a bar is a stretch of a run, a mark is something that happened. Pure. */
import type { JournalEntry } from '../../src/contract/journal.ts';
import type { Happening } from '../data/history.ts';
import { crashesOf } from './crashes.ts';
import { type Tone, toneOf } from './tone.ts';

export interface Bar {
  service: string;
  run: number;
  from: number;
  /** Null: it still runs. */
  to: number | null;
  /** From when on it was ready; null: it never was. */
  readyAt: number | null;
  crashed: boolean;
}

export interface Mark {
  service: string;
  at: number;
  tone: Tone;
  /** What a person looks for: an edit, a swap, a crash, a parking. */
  shape: 'edit' | 'crash' | 'parked' | 'swap' | 'failed';
  happening: Happening;
}

/** A run without an end in the journal that is not the last of its service has ended unseen: with the next one. */
export function barsOf(history: readonly Happening[]): Bar[] {
  const bars = new Map<string, Bar>();
  const crashes = crashesOf(history);
  for (const { id, entry } of history) {
    if (!('run' in entry)) continue;
    const key = `${entry.service} ${entry.run}`;
    const bar = bars.get(key) ?? begun(entry);
    bars.set(key, bar);
    if (entry.kind === 'run-ready') bar.readyAt = entry.at;
    if (entry.kind === 'run-ended') {
      bar.to = entry.at;
      bar.crashed = crashes.has(id);
      bar.from = Math.min(bar.from, entry.at - entry.lasted);
    }
  }
  return [...bars.values()];
}

function begun(entry: Extract<JournalEntry, { run: number }>): Bar {
  return { service: entry.service, run: entry.run, from: entry.at, to: null, readyAt: null, crashed: false };
}

export function marksOf(history: readonly Happening[]): Mark[] {
  const crashes = crashesOf(history);
  return history.flatMap((happening) => {
    const shape = shapeOf(happening.entry, crashes.has(happening.id));
    if (shape === null || !('service' in happening.entry)) return [];
    return [
      {
        service: happening.entry.service,
        at: happening.entry.at,
        tone: toneOf(happening, crashes),
        shape,
        happening,
      },
    ];
  });
}

function shapeOf(entry: JournalEntry, crashed: boolean): Mark['shape'] | null {
  switch (entry.kind) {
    case 'run-started':
      return entry.cause.kind === 'edit' ? 'edit' : null;
    case 'run-ended':
      return crashed ? 'crash' : null;
    case 'parked':
      return 'parked';
    case 'swapped':
      return 'swap';
    case 'edit-failed':
      return 'failed';
    default:
      return null;
  }
}

/** Where lines for the hours and minutes go: at most `most` of them, at round times. */
export function ticksOf(from: number, to: number, most: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? 86_400_000;
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at < to; at += step) ticks.push(at);
  return ticks;
}

const STEPS = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200].map((s) => s * 1000);
