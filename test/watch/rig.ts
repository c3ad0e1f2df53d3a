/** A watched temp folder: the test edits, and awaits what is reported. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { createWatch, type Watch, type WatchOptions, type WatchRules } from '../../src/watch/index.ts';
import { bounded, eventually } from '../rig/eventually.ts';

export interface Workspace {
  readonly root: string;
  readonly watch: Watch;
  /** Every report: service and files, relative to the root. */
  readonly reports: { service: string; files: string[] }[];
  readonly problems: (string | null)[];
  at(file: string): string;
  write(file: string, text: string): void;
  /** Watches as service `web` with these rules, and waits until the baseline is known. */
  begin(rules: Partial<WatchRules>): Promise<void>;
  /** Waits until the file system stamps later than now: its clock has the granularity of the kernel's tick. */
  tick(): Promise<void>;
  /** What is reported for all that was done up to now (sorted, each once); nothing is waited for in vain. */
  reported(): Promise<string[]>;
  /** Resolves when `condition` holds, asked after each report. */
  until(condition: () => boolean): Promise<void>;
}

// Nothing here takes long, but thousands of files on a busy machine do.
vi.setConfig({ testTimeout: 60_000 });

export const QUIET = 40;
/** A file of every service: its change closes a chapter, so that "nothing else" can be told without waiting. */
const SENTINEL = 'sentinel';

export function workspace(options: Partial<WatchOptions> = {}): Workspace {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'upkeep watch ü ')));
  const reports: Workspace['reports'] = [];
  const problems: (string | null)[] = [];
  const waiting = new Set<() => void>();
  let chapter = 0;
  let read = 0;
  const at = (file: string) => path.join(root, file);

  const watch = createWatch({
    workspace: root,
    onChange(service, files) {
      reports.push({ service, files: files.map((file) => path.relative(root, file)) });
      options.onChange?.(service, files);
      for (const check of [...waiting]) check();
    },
    onProblem(message) {
      problems.push(message);
      for (const check of [...waiting]) check();
    },
    ...(options.watchFolder && { watchFolder: options.watchFolder }),
    ...(options.clock && { clock: options.clock }),
  });
  onTestFinished(() => {
    watch.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  function write(file: string, text: string): void {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.writeFileSync(at(file), text);
  }
  function until(condition: () => boolean): Promise<void> {
    const holds = new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
    const diagnose = async () => `reports: ${JSON.stringify(reports)}, problems: ${JSON.stringify(problems)}`;
    return bounded(holds, 'a report', { within: 45_000, diagnose });
  }
  async function reported(): Promise<string[]> {
    const from = read;
    write(SENTINEL, `chapter ${++chapter}`);
    await until(() => reports.slice(from).some(({ files }) => files.includes(SENTINEL)));
    read = reports.length;
    const files = reports.slice(from).flatMap((report) => report.files);
    return [...new Set(files)].filter((file) => file !== SENTINEL).sort();
  }

  async function tick(): Promise<void> {
    const from = Date.now();
    await eventually(() => {
      write('.tick', '');
      return fs.statSync(at('.tick')).ctimeMs > from + 1;
    }, 'a later stamp');
  }

  return {
    root,
    tick,
    watch,
    reports,
    problems,
    at,
    write,
    until,
    reported,
    async begin(rules) {
      write(SENTINEL, 'begin');
      const files = [...(rules.files ?? []), at(SENTINEL)];
      watch.set('web', { root, include: [], ignore: [], quiet: QUIET, ...rules, files });
      await tick();
      await reported();
      await reported();
      reports.length = 0;
      read = 0;
    },
  };
}
