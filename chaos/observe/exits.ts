/** What is on disk about how runs ended: the files that their wrappers and the daemon wrote, and the journal. */
import { join } from 'node:path';
import type { Exit } from '../../src/contract/facts.ts';
import { exitOfShellCode } from '../../src/process/exit.ts';
import type { Room } from '../room/room.ts';
import { namesIn, textOf } from './read.ts';

export interface RunOnDisk {
  readonly run: number;
  /** What the daemon wrote down, else the wrapper; null: nobody. */
  readonly exit: Exit | null;
}

/** By pid and kernel start time of the run's process. */
export type Exits = Map<string, RunOnDisk>;

/** Adds what the run folders of a service say now to what is known: old folders are removed. */
export function collectExits(room: Room, service: string, known: Exits): void {
  const folder = room.path('.upkeep', 'runs', service);
  // What waits to become a run has a name of its own.
  for (const run of namesIn(folder).filter((name) => /^\d+$/.test(name))) {
    const stat = textOf(join(folder, run, 'pid'));
    if (!stat.includes(')')) continue;
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const id = `${stat.split(' ')[0]}-${start}`;
    const exit = recorded(join(folder, run, 'run.json')) ?? written(join(folder, run, 'exit'));
    if (exit !== null || !known.has(id)) known.set(id, { run: Number(run), exit });
  }
}

/** The end of a run, as the journal tells it: what `why` shows. */
export interface Told {
  readonly exit: Exit;
  /** The daemon had it end. */
  readonly asked: boolean;
}

export function journalExits(room: Room, service: string): Map<number, Told[]> {
  const told = new Map<number, Told[]>();
  for (const { kind, run, exit, cause, ...entry } of entries(room)) {
    if (kind === 'run-ended' && entry.service === service)
      told.set(run, [...(told.get(run) ?? []), { exit, asked: cause !== null }]);
  }
  return told;
}

/** The runs of a service of whose start the journal tells. */
export function journalStarts(room: Room, service: string): Set<number> {
  const started = new Set<number>();
  for (const entry of entries(room)) {
    if (entry.kind === 'run-started' && entry.service === service) started.add(entry.run);
  }
  return started;
}

interface Entry {
  kind: string;
  service: string;
  run: number;
  exit: Exit;
  cause: object | null;
}

/** Without the half lines of a daemon that was killed, or of a fault that cut the file: what stood there is told as missing. */
function entries(room: Room): Entry[] {
  const files = ['journal.jsonl.1', 'journal.jsonl'].map((name) => room.path('.upkeep', name));
  return files.flatMap((file) => textOf(file).split('\n')).flatMap(entryIn);
}

function entryIn(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

function recorded(file: string): Exit | null {
  try {
    return (JSON.parse(textOf(file)) as { exit: Exit | null }).exit;
  } catch {
    return null;
  }
}

function written(file: string): Exit | null {
  const code = /^(\d+)\n/.exec(textOf(file))?.[1];
  return code === undefined ? null : exitOfShellCode(Number(code));
}
