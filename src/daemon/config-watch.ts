/**
 * Notices that the configuration was changed and says so; `start` and `restart` apply it.
 * A configuration may be a program: it is read in a process of its own, never in the daemon.
 */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import type { ResolvedConfig } from '../contract/config.ts';
import type { Edits } from './edits.ts';
import type { Engine } from './engine.ts';

export interface ConfigWatch {
  /** Compares with what is on disk now: it may have changed while no daemon ran. */
  check(): void;
  /** The configuration that the engine has is the one on disk. */
  applied(): void;
  /** The services for which the file on disk says something else. */
  outdated(): Set<string>;
}

const TIMEOUT_MS = 20_000;

export function watchConfig(
  engine: Engine,
  edits: Edits,
  printer: string,
  note: (text: string | null) => void,
): ConfigWatch {
  let outdated = new Set<string>();
  const follow = () => {
    const { file, sources } = engine.config;
    if (file !== '') edits.watchOwn(sources, compare);
  };
  const compare = () => {
    const { workspace, file } = engine.config;
    execFile(
      process.execPath,
      [printer, workspace],
      { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null) {
          const [why = error.message] = stderr.trim().split('\n');
          return note(`${basename(file)} has changed and cannot be used: ${why}`);
        }
        const theirs = parsed(stdout);
        if (theirs === null)
          return note(`${basename(file)} has changed and cannot be used: it gave no answer`);
        outdated = differing(engine.config, theirs);
        note(outdated.size === 0 ? null : changedNote(basename(file), outdated));
      },
    );
  };
  follow();
  return {
    check: compare,
    applied() {
      outdated = new Set();
      note(null);
      follow();
    },
    outdated: () => outdated,
  };
}

/** Null when the program was ended before it had said everything (`process.exit` in a configuration). */
function parsed(text: string): ResolvedConfig | null {
  try {
    return JSON.parse(text) as ResolvedConfig;
  } catch {
    return null;
  }
}

function changedNote(file: string, services: Set<string>): string {
  return `${file} has changed (${[...services].join(', ')}): "upkeep start" applies it`;
}

/** Services that were changed, added or removed. */
export function differing(ours: ResolvedConfig, theirs: ResolvedConfig): Set<string> {
  const text = (config: ResolvedConfig) =>
    new Map(config.services.map((each) => [each.name, JSON.stringify(each)]));
  const [a, b] = [text(ours), text(theirs)];
  return new Set([...a.keys(), ...b.keys()].filter((name) => a.get(name) !== b.get(name)));
}
