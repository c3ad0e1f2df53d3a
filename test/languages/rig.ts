/** Folders with programs in them, and the reports that real processes write about themselves. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { languageEnvironment } from '../../src/languages/index.ts';

const hooks = fileURLToPath(new URL('../../src/languages/', import.meta.url));
export const PATHS = { python: path.join(hooks, 'python'), ruby: path.join(hooks, 'ruby/upkeep_report.rb') };

/** What a program's own environment would be: nothing of this machine's Python and Ruby settings. */
const BARE: Record<string, string | undefined> = {
  PATH: process.env['PATH'],
  HOME: os.tmpdir(),
  // Compiled modules stay out of the sources.
  PYTHONPYCACHEPREFIX: fileURLToPath(new URL('../../.cache/python', import.meta.url)),
};

export function isInstalled(program: string, ...args: string[]): boolean {
  const { status } = spawnSync(program, args, { stdio: 'ignore' });
  if (status !== 0) console.warn(`${program} is not installed here: its tests are left out`);
  return status === 0;
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Place {
  /** Absolute and real. */
  readonly root: string;
  write(files: Record<string, string>): void;
  /** Runs a program to its end, with a hook and a fresh report, or without both. */
  run(argv: string[], options?: { env?: Record<string, string>; hooked?: boolean }): Promise<Outcome>;
  start(argv: string[]): ChildProcess;
  report(): ReportLine[];
  /** Loaded files in their order, relative to the folder, each with its parent: `a.py < app.py`. */
  loads(): string[];
  missing(): string[];
}

/** `atEnd`: when it is removed. */
export function createPlace(
  files: Record<string, string>,
  atEnd: (remove: () => void) => void = onTestFinished,
): Place {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'upkeep-languages-')));
  atEnd(() => fs.rmSync(top, { recursive: true, force: true }));
  const root = path.join(top, 'app');
  const reportFile = path.join(top, 'loaded');
  const relative = (file: string | null) => (file === null ? '-' : path.relative(root, file));

  function environment(own: Record<string, string>): NodeJS.ProcessEnv {
    fs.writeFileSync(reportFile, '', { mode: 0o600 });
    const base = { ...BARE, ...own };
    return { ...base, ...languageEnvironment(base, PATHS, reportFile) };
  }

  function report(): ReportLine[] {
    const text = fs.readFileSync(reportFile, 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  const place: Place = {
    root,
    report,
    write(more) {
      for (const [name, text] of Object.entries(more)) {
        const file = path.join(root, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
      }
    },
    run([program = '', ...args], { env = {}, hooked = true } = {}) {
      const all = hooked ? environment(env) : { ...BARE, ...env };
      return new Promise((resolve) => {
        const child = execFile(program, args, { cwd: root, env: all }, (_error, stdout, stderr) =>
          resolve({ code: child.exitCode, stdout, stderr }),
        );
      });
    },
    start([program = '', ...args]) {
      return spawn(program, args, {
        cwd: root,
        env: environment({}),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    },
    loads() {
      return report().flatMap((line) =>
        line[0] === 'load' ? [`${relative(line[2])} < ${relative(line[3])}`] : [],
      );
    },
    missing() {
      return report().flatMap((line) => (line[0] === 'missing' ? [relative(line[2])] : []));
    },
  };
  fs.mkdirSync(root);
  place.write(files);
  return place;
}
