/**
 * Notices that the configuration was changed and says so; `start` and `restart` apply it.
 * A configuration may be a program: it is read in a process of its own, never in the daemon.
 */
import { basename } from 'node:path';
import type { ResolvedConfig } from '../contract/config.ts';
import { printedConfig } from '../platform/printed-config.ts';
import type { Edits } from './edits.ts';
import type { Engine } from './engine.ts';

export interface ConfigWatch {
  /** Compares with what is on disk now: it may have changed while no daemon ran. */
  check(): void;
  /** The configuration that the engine has is the one on disk. */
  applied(): void;
  /** The services for which the file on disk says something else. */
  outdated(): Set<string>;
  /** Those of them that it no longer has. */
  removed(): Set<string>;
}

export function watchConfig(
  engine: Engine,
  edits: Edits,
  printer: string,
  note: (text: string | null) => void,
): ConfigWatch {
  let outdated = new Set<string>();
  let removed = new Set<string>();
  const follow = () => {
    const { file, sources } = engine.config;
    if (file !== '') edits.watchOwn(sources, compare);
  };
  const compare = () => {
    const { workspace, file } = engine.config;
    printedConfig(printer, workspace).then(
      (theirs) => {
        outdated = differing(engine.config, theirs);
        removed = missing(engine.config, theirs);
        note(outdated.size === 0 ? null : changedNote(basename(file), outdated));
      },
      (error: Error) => {
        const [why] = error.message.split('\n');
        note(`${basename(file)} has changed and cannot be used: ${why}`);
      },
    );
  };
  follow();
  return {
    check: compare,
    applied() {
      outdated = new Set();
      removed = new Set();
      note(null);
      follow();
    },
    outdated: () => outdated,
    removed: () => removed,
  };
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

function missing(ours: ResolvedConfig, theirs: ResolvedConfig): Set<string> {
  const kept = new Set(theirs.services.map(({ name }) => name));
  return new Set(ours.services.map(({ name }) => name).filter((name) => !kept.has(name)));
}
