/** From changed files to `edit` events: tells the watcher what concerns each wanted service. */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { Watching } from '../contract/facts.ts';
import { turn } from '../platform/turn.ts';
import { runFolder } from '../process/run-folder.ts';
import { isAtRest, liveRun, type Service } from '../supervisor/state.ts';
import type { Happening } from '../supervisor/world.ts';
import { createWatch, type TrialEnd } from '../watch/index.ts';
import { isBroughtBy } from './brought-by.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { Engine } from './engine.ts';
import { packagesOf, ServiceWatch } from './exact/service-watch.ts';
import { Pending } from './pending.ts';

export interface Edits {
  /** The configuration was replaced: rules are made anew. */
  refresh(): void;
  /** A run begins: what is on disk now is what it loads. */
  launched(service: string, run: number, onTrial: boolean): void;
  /** How exactly the edits of a service are followed. */
  watching(service: string): Watching;
  /** What a person should know about what is watched for a service. */
  notes(service: string): string[];
  /** Files that concern the daemon itself; null: none any more. */
  watchOwn(files: string[], onChange: (files: string[]) => void): void;
  /**
   * Resolves when the engine knows of all that has changed so far, also if nobody had seen it yet; to the wanted
   * services that these files (absolute) concern, or whose run an edit of them brought.
   */
  settle(files: readonly string[]): Promise<Set<string>>;
  /** Those of these files (absolute) whose edit is put off, since the service seems to write them itself; as they are shown. */
  putOff(service: string, files: readonly string[]): string[];
  close(): void;
}

/** What has changed behind a link is told by its own name. */
function withoutLinks(files: string[]): string[] {
  const all = new Set(files);
  return files.filter((file) => {
    const real = realPathOf(file);
    return real === file || !all.has(real);
  });
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function runOnTrial(service: Service | undefined): number | null {
  const { state } = service ?? {};
  return state?.kind === 'ready' && state.successor?.trial === true ? state.successor.run : null;
}

interface Told extends Happening {
  /** The run that was its newest when a change was seen; absent: the event names the run that it is of. */
  newest?: number;
}

/** The run that is to serve next, or does: one on trial may yet be set aside. */
function newestRun(service: Service | undefined): number {
  const { state } = service ?? {};
  const successor = state?.kind === 'ready' && state.successor?.trial === false ? state.successor : null;
  return successor?.run ?? (service === undefined ? null : liveRun(service)) ?? 0;
}

/** The run that is to serve is on its way, and in time. */
function boots({ state }: Service): boolean {
  if (state.kind === 'starting') return state.late === null;
  return state.kind === 'ready' && state.successor?.trial === false;
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
  let happenings: Told[] = [];
  const tell = (happening: Told) => {
    if (happenings.push(happening) > 1) return;
    setImmediate(() => {
      const told = happenings;
      happenings = [];
      engine.dispatchAll(told.filter(isDue));
    });
  };
  /** A run that came meanwhile, after a crash or for what the service depends on, has loaded the edit. */
  const isDue = ({ service, newest }: Told) => {
    const its = engine.services.get(service);
    return its !== undefined && (newest === undefined || newestRun(its) <= newest);
  };
  /** What is about to be told. */
  const telling = new Pending();
  const shown = (file: string) => (isAbsolute(file) ? relative(root, file) : file);
  const edited = async (service: string, all: string[]) => {
    const files = withoutLinks(all);
    const newest = newestRun(engine.services.get(service));
    const via = await services.get(service)?.chainTo(files);
    const hopeless = engine.services.has(service) ? engine.runtime(service).obstacle() : null;
    tell({
      service,
      newest,
      event: {
        kind: 'edit',
        files: files.map(shown),
        ...(via != null && { via: via.map(shown) }),
        ...(hopeless !== null && { hopeless }),
      },
    });
  };
  /** The runs that are on trial, and how the edits that they were begun for have reached their service. */
  const trials = new Map<string, { run: number; via: Promise<string[] | null | undefined> }>();
  const begin = (service: string, files: string[]): boolean => {
    const its = engine.services.get(service);
    if (its === undefined || !services.has(service)) return false;
    const run = its.lastRun + 1;
    trials.set(service, { run, via: Promise.resolve(services.get(service)?.chainTo(files)) });
    engine.dispatch(service, { kind: 'trial', files: files.map(shown) });
    if (runOnTrial(engine.services.get(service)) === run) return true;
    trials.delete(service);
    return false;
  };
  const trialEnded = async (service: string, end: TrialEnd, files: string[]) => {
    const trial = trials.get(service);
    if (trial === undefined) return;
    trials.delete(service);
    const { run } = trial;
    const its = engine.services.get(service);
    // It has come in the place of a run that ended: there is no other to go back to.
    const serves = its !== undefined && liveRun(its) === run;
    if (end === 'stale' && serves) return watchAnew(service);
    services.get(service)?.trialEnded(end === 'passed' || serves);
    if (end === 'stale') return engine.dispatch(service, { kind: 'trial-stale', run });
    if (end === 'undone')
      return tell({ service, event: { kind: 'trial-undone', run, files: files.map(shown) } });
    const via = await trial.via;
    const event = { kind: 'trial-passed', run, files: files.map(shown) } as const;
    tell({ service, event: via == null ? event : { ...event, via: via.map(shown) } });
  };
  const watch = createWatch({
    workspace: root,
    begin,
    trialEnded: (service, end, files) => telling.add(trialEnded(service, end, files)),
    onSame: (service, file, content) => services.get(service)?.foundSame(file, content),
    catchUp: (service) => services.get(service)?.catchUp(),
    executes: (service, file) => engine.services.has(service) && engine.runtime(service).executes(file),
    onChange(key, files) {
      if (key === OWN) return onOwn(files);
      const packagesUser = packagesOf(key);
      if (packagesUser === null) return telling.add(edited(key, files));
      if (services.get(packagesUser)?.packagesChanged(files)) telling.add(edited(packagesUser, files));
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
    trials.delete(name);
  };
  /** Of a run that ended under an earlier daemon: the edit of what it had loaded mends it all the same. */
  const lastRecord = (name: string, run: number) => {
    const record = runFolder(world.paths.runs, name, run).load();
    return record?.boot === world.processes.bootId() ? record : null;
  };
  const follow = () => {
    for (const [name, service] of engine.services) {
      const { wanted, spec, state, lastRun } = service;
      const concerned = wanted && spec.watch.enabled;
      const { record } = engine.runtime(name);
      if (!concerned) remove(name);
      else if (!services.has(name)) {
        const waits = isAtRest(service) || state.kind === 'backoff';
        const last = waits ? lastRecord(name, lastRun) : null;
        services.set(name, new ServiceWatch(spec, record ?? last, watchWorld));
      }
      services.get(name)?.follow(record);
      if (!boots(service)) watch.booted(name);
    }
    for (const [name, { run }] of trials) {
      const { state } = engine.services.get(name) ?? {};
      const successor = state?.kind === 'ready' ? state.successor : null;
      if (successor?.run !== run || successor.phase !== 'starting') watch.trialSettled(name);
    }
    for (const name of services.keys()) if (!engine.services.has(name)) remove(name);
  };
  /** What the run that serves has not loaded is found anew, also what went back meanwhile to what an earlier run had. */
  const watchAnew = (name: string) => {
    remove(name);
    follow();
  };
  const undo = engine.onChange(follow);
  return {
    refresh() {
      for (const [name, its] of services) {
        if (its.isBy(engine.services.get(name)?.spec, engine.config.logDir)) continue;
        // Whoever watched for the end of its burst is gone: what was edited is found anew, and tried again.
        const trial = trials.get(name);
        if (trial !== undefined) engine.dispatch(name, { kind: 'trial-stale', run: trial.run });
        remove(name);
      }
      follow();
    },
    launched(service, run, onTrial) {
      const isOnTrial = onTrial && trials.get(service)?.run === run;
      // It was set aside while it was about to be launched: what is on disk counts for the run that serves.
      if (onTrial && !isOnTrial) return;
      if (!isOnTrial) trials.delete(service);
      services.get(service)?.launched(run, isOnTrial);
    },
    watching: (service) => services.get(service)?.watching ?? { kind: 'off' },
    notes: (service) => services.get(service)?.notes ?? [],
    watchOwn(files, onChange) {
      onOwn = onChange;
      watch.set(OWN, { files, root, include: [], ignore: [], quiet: OWN_QUIET_MS });
    },
    async settle(files) {
      await Promise.all([...services.values()].map((its) => its.decided(files)));
      const keys = await watch.settle(files);
      await telling.settled();
      // They are dispatched a turn after they were told.
      await turn();
      const restarts = (key: string) => {
        const user = packagesOf(key) ?? key;
        const spec = engine.services.get(user)?.spec;
        return spec !== undefined && (user === key || spec.watch.packages) ? [user] : [];
      };
      const brought = [...engine.services].filter(
        ([, its]) => its.wanted && isBroughtBy(its, files.map(shown)),
      );
      return new Set([...[...keys].flatMap(restarts), ...brought.map(([name]) => name)]);
    },
    putOff: (service, files) => files.filter((file) => watch.isPutOff(service, file)).map(shown),
    close() {
      undo();
      for (const name of services.keys()) remove(name);
      watch.close();
    },
  };
}
