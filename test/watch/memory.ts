/** Files in memory under a virtual clock, and a service that is concerned with them. */
import type { Clock } from '../../src/watch/clock.ts';
import type { Library, Touched } from '../../src/watch/library.ts';
import { OwnWrites } from '../../src/watch/own-writes.ts';
import { createServiceFiles } from '../../src/watch/service.ts';
import type { ServiceFiles, ServiceFilesOptions } from '../../src/watch/service-files.ts';
import { ABSENT } from '../../src/watch/verdict.ts';
import { EMPTY } from '../../src/watch/versions.ts';

/** Epoch ms at the clock's 0. */
export const START = 1_000_000;

export interface VirtualClock extends Clock {
  advance(ms: number): void;
  /** Wall time alone is another one from now on. */
  set(ms: number): void;
}

/** Wall and monotonic time run alike, until it is set. */
export function virtualClock(): VirtualClock {
  let now = 0;
  let off = 0;
  let timers: { at: number; then: () => void }[] = [];
  return {
    now: () => now,
    wall: () => START + off + now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    set(ms) {
      off += ms;
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((each) => each !== next);
        now = next.at;
        next.then();
      }
      now = end;
    },
  };
}

export interface Memory {
  clock: VirtualClock;
  files: ServiceFiles;
  /** What each file holds; null: it does not exist. */
  contents: Map<string, string | null>;
  edit(name: string, content: string | null): void;
  /** Nobody hears of it. */
  write(name: string, content: string | null): void;
}

/** All files are named by hand unless `by` says that the run has loaded them. */
export function memory(
  names: string[],
  options: Partial<ServiceFilesOptions>,
  addJob = (job: () => void) => job(),
  by: 'name' | 'load' = 'name',
): Memory {
  const clock = virtualClock();
  const contents = new Map<string, string | null>(names.map((name) => [name, 'begin']));
  const stamps = new Map(names.map((name) => [name, START - 1_000]));
  const users = new Map<string, Touched>();
  const read = (file: string) => {
    const content = contents.get(file) ?? null;
    if (content === null) return { content: ABSENT, stamp: null };
    return { content: content === '' ? EMPTY : content, stamp: stamps.get(file) ?? null };
  };
  const library: Library = {
    use(file, touched) {
      users.set(file, touched);
      return { read: () => read(file), undo: () => users.delete(file) };
    },
    touch: (file) => users.get(file)?.(file),
    touchIn: () => {},
  };
  const files = createServiceFiles({
    clock,
    library,
    slices: { add: addJob, close: () => {} },
    quiet: null,
    since: START,
    matchedSince: START,
    sameAs: new Map(),
    same: () => {},
    changed: () => {},
    begin: () => false,
    trialEnded: () => {},
    catchUp: () => {},
    memory: { rhythm: null },
    ownWrites: new OwnWrites(() => {}),
    executes: () => false,
    concluded: () => {},
    enter: () => () => {},
    ignores: () => false,
    ...options,
  });
  for (const name of names) {
    if (by === 'name') files.add(name, START);
    else files.load(name, START, false);
  }
  const write = (name: string, content: string | null) => {
    contents.set(name, content);
    stamps.set(name, clock.wall());
  };
  return {
    clock,
    files,
    contents,
    edit(name, content) {
      write(name, content);
      library.touch(name);
    },
    write,
  };
}
