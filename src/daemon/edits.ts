/** From changed files to `edit` events: tells the watcher what concerns each wanted service. */
import { relative } from 'node:path';
import type { ResolvedService } from '../contract/config.ts';
import { commandFiles, createWatch, type Watch } from '../watch/index.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { Engine } from './engine.ts';

export interface Edits {
  /** The configuration was replaced: rules are made anew. */
  refresh(): void;
  /** A run begins: what is on disk now is what it loads. */
  launched(service: string): void;
  /** Files that concern the daemon itself; null: none any more. */
  watchOwn(files: string[], onChange: (files: string[]) => void): void;
  close(): void;
}

/** No service can be called so: names hold no control characters. */
const OWN = '\0daemon';
const OWN_QUIET_MS = 200;

export function connectEdits(
  engine: Engine,
  world: DaemonWorld,
  onProblem: (message: string | null) => void,
): Edits {
  let onOwn: (files: string[]) => void = () => {};
  const set = new Set<string>();
  const { root } = world.paths;
  const watch: Watch = createWatch({
    workspace: root,
    onChange(service, files) {
      if (service === OWN) return onOwn(files);
      engine.dispatch(service, { kind: 'edit', files: files.map((file) => relative(root, file)) });
    },
    onProblem,
  });
  const begin = (spec: ResolvedService) => {
    const { include, ignore, quiet } = spec.watch;
    const rules = {
      files: commandFiles(spec),
      root: spec.cwd,
      include,
      ignore: [...ignore, engine.config.logDir],
      quiet,
    };
    // After a daemon crash the run is older than this moment: what was edited meanwhile counts.
    const record = engine.runtime(spec.name).record;
    watch.set(spec.name, rules, record?.exit === null ? record.startedAt : undefined);
    set.add(spec.name);
  };
  const follow = () => {
    for (const [name, { wanted, spec }] of engine.services) {
      const concerned = wanted && spec.watch.enabled;
      if (concerned && !set.has(name)) begin(spec);
      if (!concerned && set.delete(name)) watch.remove(name);
    }
    for (const name of set) {
      if (engine.services.has(name)) continue;
      set.delete(name);
      watch.remove(name);
    }
  };
  const undo = engine.onChange(follow);
  return {
    refresh() {
      set.clear();
      follow();
    },
    launched(service) {
      if (set.has(service)) watch.rebase(service);
    },
    watchOwn(files, onChange) {
      onOwn = onChange;
      watch.set(OWN, { files, root, include: [], ignore: [], quiet: OWN_QUIET_MS });
    },
    close() {
      undo();
      watch.close();
    },
  };
}
