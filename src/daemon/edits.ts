/** From changed files to `edit` events: tells the watcher what concerns each wanted service. */
import { isAbsolute, relative } from 'node:path';
import type { Watching } from '../contract/facts.ts';
import { runFolder } from '../process/run-folder.ts';
import type { Happening } from '../supervisor/world.ts';
import { createWatch } from '../watch/index.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { Engine } from './engine.ts';
import { packagesOf, ServiceWatch } from './exact/service-watch.ts';

export interface Edits {
  /** The configuration was replaced: rules are made anew. */
  refresh(): void;
  /** A run begins: what is on disk now is what it loads. */
  launched(service: string, run: number): void;
  /** How exactly the edits of a service are followed. */
  watching(service: string): Watching;
  /** What a person should know about what is watched for a service. */
  notes(service: string): string[];
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
  const services = new Map<string, ServiceWatch>();
  const { root } = world.paths;
  /** Changes that one burst made known, service by service: they restart in the order of their dependencies. */
  let happenings: Happening[] = [];
  const tell = (happening: Happening) => {
    if (happenings.push(happening) > 1) return;
    setImmediate(() => {
      const told = happenings;
      happenings = [];
      engine.dispatchAll(told.filter(({ service }) => engine.services.has(service)));
    });
  };
  const shown = (file: string) => (isAbsolute(file) ? relative(root, file) : file);
  const edited = async (service: string, files: string[]) => {
    const via = await services.get(service)?.chainTo(files);
    tell({
      service,
      event: { kind: 'edit', files: files.map(shown), ...(via != null && { via: via.map(shown) }) },
    });
  };
  const watch = createWatch({
    workspace: root,
    onChange(key, files) {
      if (key === OWN) return onOwn(files);
      const packagesUser = packagesOf(key);
      if (packagesUser === null) return void edited(key, files);
      if (services.get(packagesUser)?.packagesChanged(files)) void edited(packagesUser, files);
    },
    onProblem,
  });
  const watchWorld = {
    watch,
    root,
    logDir: () => engine.config.logDir,
    env: world.env,
    reportOf: (service: string, run: number) => runFolder(world.paths.runs, service, run).report,
    onChange: () => engine.touch(),
  };
  const remove = (name: string) => {
    services.get(name)?.close();
    services.delete(name);
  };
  const follow = () => {
    for (const [name, { wanted, spec }] of engine.services) {
      const concerned = wanted && spec.watch.enabled;
      const { record } = engine.runtime(name);
      if (!concerned) remove(name);
      else if (!services.has(name)) services.set(name, new ServiceWatch(spec, record, watchWorld));
      services.get(name)?.follow(record);
    }
    for (const name of services.keys()) if (!engine.services.has(name)) remove(name);
  };
  const undo = engine.onChange(follow);
  return {
    refresh() {
      for (const name of services.keys()) remove(name);
      follow();
    },
    launched(service, run) {
      services.get(service)?.launched(run);
    },
    watching: (service) => services.get(service)?.watching ?? { kind: 'off' },
    notes: (service) => services.get(service)?.notes ?? [],
    watchOwn(files, onChange) {
      onOwn = onChange;
      watch.set(OWN, { files, root, include: [], ignore: [], quiet: OWN_QUIET_MS });
    },
    close() {
      undo();
      for (const name of services.keys()) remove(name);
      watch.close();
    },
  };
}
