/** Puts the daemon's parts together and runs them. */
import { statSync } from 'node:fs';
import type { ResolvedConfig } from '../contract/config.ts';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import type { Outcome, Reply, Request } from '../contract/protocol.ts';
import { readDaemonRecord } from '../platform/daemon-record.ts';
import { errorMessage, makePrivateFolder, readJson, writeJson } from '../platform/files.ts';
import { KeptFile } from '../platform/kept-file.ts';
import { reach } from '../platform/reach.ts';
import { liveRun, liveRuns } from '../supervisor/state.ts';
import { type CommandWorld, carriedOut, isIdle, start, stop } from './commands.ts';
import { copyConfig } from './config-copy.ts';
import { watchConfig } from './config-watch.ts';
import type { Handler } from './conversation.ts';
import type { DaemonWorld } from './daemon-world.ts';
import type { Door } from './door/door.ts';
import { connectEdits } from './edits.ts';
import { Engine } from './engine.ts';
import { type Entrance, greeting, greetMeanwhile } from './entrance.ts';
import { openJournal } from './journal.ts';
import { mendRecords } from './mend-records.ts';
import { createNotes } from './notes.ts';
import { forgetOldRuns } from './old-runs.ts';
import { recover } from './recover.ts';
import { requestIn } from './request-in.ts';
import { resume } from './resume.ts';
import { controlPath, removeStaleControls } from './seamless/control-path.ts';
import { takeSnapshot } from './snapshot.ts';
import { writeStateFile } from './state-file.ts';
import { waitFor } from './wait-for.ts';

/** How long the last lines of stopped services may take to be copied, in ms. */
const LAST_WORDS_MS = 3_000;
/** Whoever started the daemon asks it for something within this time, or is gone, in ms. */
const UNASKED_MS = 10_000;
const DISK_FULL =
  'the disk is full (ENOSPC): runs cannot be started, and what services print and what happens to them may not be written down';

export interface DaemonParts {
  world: DaemonWorld;
  record: DaemonRecord;
  /** What an earlier daemon ran by; null for the first. */
  config: ResolvedConfig | null;
  /** An earlier daemon of this boot did not end on purpose: see `diedBefore`. */
  crashed: boolean;
  /** The machine came up: what the state file says is started, and without any the daemon ends. */
  startsWanted: boolean;
  door: Door;
  entrance: Entrance;
  tellReady(): void;
  /** Something has happened, and is on disk. */
  saved(): void;
  /** Does not return. */
  end(): void;
}

export async function runDaemon(parts: DaemonParts): Promise<void> {
  const { world, record, config, crashed, startsWanted, door, entrance, tellReady, saved, end } = parts;
  const { paths, clock } = world;
  const notes = createNotes(() => engine.touch());
  const journal = openJournal(paths.journal, clock, (problem) => notes.set('journal', problem));
  const initial = config ?? emptyConfig(paths.root);
  await greetMeanwhile();
  const recovered = recover(initial, paths, record.boot, { crashed, startsWanted }, clock.now());
  if (startsWanted && recovered.services.every(({ wanted }) => !wanted)) {
    for (const note of recovered.notes) console.error(`${record.startedAt} ${note}`);
    entrance.close();
    return end();
  }
  await greetMeanwhile();
  let wanted: string | null = null;
  let leaving = false;
  /** A state file that cannot be written must not keep the snapshot back: by that the next daemon goes on. */
  const keepWanted = (): boolean => {
    const servers = [...engine.services.values()].filter((its) => its.wanted).map(({ spec }) => spec.name);
    try {
      if (servers.join('\n') !== wanted) writeStateFile(paths.state, servers, clock.wall());
      wanted = servers.join('\n');
      notes.set('wanted', null);
      return true;
    } catch (error) {
      notes.set('wanted', `what is started cannot be written down: ${errorMessage(error)}`);
      return false;
    }
  };
  // By identity: a log that is written again makes the folder anew.
  const home = statSync(paths.root).ino;
  const snapshot = new KeptFile(paths.snapshot);
  const engine = new Engine(initial, {
    world,
    journal,
    persist: () => {
      if (statSync(paths.root, { throwIfNoEntry: false })?.ino !== home) {
        leave();
        return true;
      }
      try {
        reach('snapshot-before');
        const isKept = keepWanted();
        const { process, version, startedAt } = record;
        const daemon = { process, version, startedAt };
        const hasRoom = snapshot.write(
          JSON.stringify(takeSnapshot(engine, edits, daemon, record.boot, notes.list(), configWatch, clock)),
        );
        notes.set('state', hasRoom ? null : DISK_FULL);
        saved();
        return isKept && hasRoom;
      } catch (error) {
        notes.set('state', `its state cannot be written: ${errorMessage(error)}`);
        return false;
      }
    },
  });
  const edits = connectEdits(engine, world, (problem) => notes.set('watch', problem));
  const forgetOld = (name: string) => {
    const service = engine.services.get(name);
    forgetOldRuns(paths, name, service === undefined ? [] : liveRuns(service));
  };
  world.onLaunch = (service, run, onTrial) => {
    edits.launched(service, run, onTrial);
    forgetOld(service);
  };
  world.isLeaving = (name) => {
    const service = engine.services.get(name);
    if (service === undefined || liveRun(service) === null) return false;
    return service.state.kind === 'stopping' || !service.wanted || service.restartAsked !== null;
  };
  const configWatch = watchConfig(engine, edits, world.configPrinter, (note) => notes.set('config', note));
  for (const note of recovered.notes) notes.set('recovered', note);
  journal.add({
    kind: 'daemon-started',
    pid: record.process.pid,
    version: record.version,
    recovered: crashed,
  });
  // Before anything is started: if this daemon is killed then, the next one looks for what it began.
  if (startsWanted || crashed) writeJson(paths.daemon, record);
  engine.restore(recovered.services);
  reach('recovered');
  await resume(engine, recovered, journal, paths.runs);
  reach('adopted');
  forgetControls(engine, world.id);
  // Only now the runs are known that it has to tell of.
  edits.refresh();
  for (const name of engine.services.keys()) forgetOld(name);
  engine.keepStandbys();
  engine.flush();

  /** The workspace was removed: nobody can stop its services any more, and nothing may be written into its place. */
  const leave = () => {
    if (leaving) return;
    leaving = true;
    const cause = { kind: 'stop', by: 'the removal of the workspace' } as const;
    const services = [...engine.services.keys()];
    engine.dispatchAll(services.map((service) => ({ service, event: { kind: 'want-down', cause } })));
    engine.onChange(() => {
      if (isIdle(engine)) end();
    });
  };
  let isEnding = false;
  const shutDown = async () => {
    // A log that cannot be written now is finished by the next daemon.
    await Promise.race([engine.settled(), new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    // Meanwhile another terminal may have started something.
    if (!isIdle(engine) || isEnding) return;
    isEnding = true;
    journal.add({ kind: 'daemon-stopped', pid: record.process.pid });
    engine.flush();
    edits.close();
    engine.close();
    entrance.close();
    end();
  };
  const storeConfig = copyConfig(engine, paths.config, (note) => notes.set('stored', note));
  /** Its files were removed under it (`git clean -fdx`): written anew, so that every command finds it. */
  const recordAgain = () => {
    try {
      makePrivateFolder(paths.own);
      writeJson(paths.daemon, record);
      if (engine.config.file !== '') storeConfig(engine.config);
      wanted = '';
      engine.recordAgain();
    } catch (error) {
      notes.set('state', `its state cannot be written: ${errorMessage(error)}`);
    }
  };
  const commandWorld = {
    engine,
    clock,
    onConfig: (taken: ResolvedConfig) => {
      storeConfig(taken);
      edits.refresh();
      configWatch.applied();
    },
    caughtUp: edits.settle,
    putOff: edits.putOff,
  };
  const answer: Handler = async (request, send, signal) => {
    if (request.method === 'hello') {
      if (
        readDaemonRecord(paths.daemon)?.process.pid !== record.process.pid ||
        readJson(paths.snapshot) === null
      )
        recordAgain();
      door.renew();
      return send(greeting(record, paths.root));
    }
    door.renew();
    clearTimeout(unasked);
    const outcomes = await carryOut(request, commandWorld, send, signal);
    const daemonEnds = (request.method === 'stop' || request.method === 'retire') && isIdle(engine);
    engine.flush();
    send({ type: 'done', outcomes, daemonEnds });
    if (daemonEnds) await shutDown();
    // Who asked does not wait, or is gone: a terminal that is closed right after Ctrl-C.
    else if (request.method === 'stop') void carriedOut(commandWorld).then(shutDown);
  };
  process.on('SIGHUP', () => {
    entrance.renew().then(
      () => notes.set('socket', null),
      (error: unknown) => notes.set('socket', `its socket cannot be made: ${errorMessage(error)}`),
    );
  });
  writeJson(paths.daemon, record);
  reach('recorded');
  const unasked = setTimeout(() => {
    // It may be finishing a stop that was asked of the daemon before it.
    void carriedOut(commandWorld).then(shutDown);
  }, UNASKED_MS);
  entrance.open({ understand: async (raw) => requestIn(raw), handle: answer });
  tellReady();
  if ((crashed || startsWanted) && initial.file !== '') configWatch.check();
}

/** Control sockets of runs that ended while no daemon was there. */
function forgetControls(engine: Engine, id: string): void {
  const living = [...engine.services.values()].flatMap((service) =>
    liveRuns(service).flatMap((run) => controlPath(id, service.spec.name, run) ?? []),
  );
  removeStaleControls(id, living);
}

async function carryOut(
  request: Exclude<Request, { method: 'hello' }>,
  world: CommandWorld,
  send: (reply: Reply) => void,
  signal: AbortSignal,
): Promise<Outcome[]> {
  switch (request.method) {
    case 'start':
    case 'restart':
      return start(request, world, send, signal);
    case 'stop':
      return stop(request, world, send, signal);
    case 'wait':
      return waitFor(request, world, send, signal);
    case 'retire':
      return [];
  }
}

/**
 * A daemon of this boot that left its record behind did not end on purpose; nor did one that left runs, whatever became
 * of its record.
 */
export async function diedBefore({ paths, id, processes }: DaemonWorld): Promise<boolean> {
  const lives = await mendRecords(paths, id, processes);
  return lives || readDaemonRecord(paths.daemon)?.boot === processes.bootId();
}

function emptyConfig(workspace: string): ResolvedConfig {
  return { workspace, file: '', sources: [], logDir: `${workspace}/.server-logs`, services: [] };
}
