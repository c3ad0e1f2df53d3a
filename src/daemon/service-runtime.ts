/** What the daemon holds of one service beside its state: its processes, its log, its readiness check. */
import { join } from 'node:path';
import { readServiceEnv } from '../config/env.ts';
import type { ResolvedService } from '../contract/config.ts';
import type { Cause, Exit, ParkReason } from '../contract/facts.ts';
import { lastLines } from '../logs/last-lines.ts';
import { createServiceLog, type ServiceLog } from '../logs/service-log.ts';
import { errorMessage, makePrivateFolder } from '../platform/files.ts';
import type { Family } from '../platform/listen-table.ts';
import { listening } from '../platform/ports.ts';
import { isSuccess } from '../process/exit.ts';
import { type Launch, launchProblem, launchScript } from '../process/launch-script.ts';
import { type RunRecord, runFolder } from '../process/run-folder.ts';
import { Runs } from '../process/runs.ts';
import { machineTools } from '../process/tools.ts';
import { configHash } from './config-hash.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { freePorts } from './free-ports.ts';
import { portInLastWords, portOwner, portTaken } from './port-owner.ts';
import { watchReadiness } from './readiness.ts';

/** Lines kept of a run that ended: to show why. */
const LAST_WORDS = 30;
/** ms from the end of a run to the writing of its record. */
const SAVE_MS = 40;

export interface RuntimeEvents {
  ready(run: number): void;
  exited(run: number, exit: Exit, portTaken: ParkReason | null): void;
  gone(run: number): void;
  cannotStart(run: number, reason: ParkReason): void;
  /** Something that a person sees has changed: a pid, a detail, a note. */
  changed(): void;
}

export class ServiceRuntime {
  readonly #world: DaemonWorld;
  readonly #events: RuntimeEvents;
  readonly #runs: Runs;
  readonly #log: ServiceLog;
  #spec: ResolvedService;
  #record: RunRecord | null = null;
  readonly #pending = new Set<Promise<void>>();
  #undoReadiness: () => void = () => {};
  #detail = '';
  /** The run that is about to be launched. */
  #launching: number | null = null;
  /** Where the current run was found to listen. */
  #listening: { port: number; family: Family } | null = null;
  #lastWords: string[] = [];
  #logProblem: string | null = null;

  constructor(spec: ResolvedService, world: DaemonWorld, logDir: string, events: RuntimeEvents) {
    this.#spec = spec;
    this.#world = world;
    this.#events = events;
    this.#runs = new Runs(
      {
        processes: world.processes,
        script: world.shimScript,
        subreaper: machineTools().subreaper,
        env: {
          ...world.env,
          UPKEEP_WORKSPACE: world.id,
          UPKEEP_SERVICE: spec.name,
          UPKEEP_ROOT: world.paths.root,
        },
        runs: world.paths.runs,
        shims: world.paths.shims,
        mark: { workspace: world.id, service: spec.name },
      },
      {
        started: (run, process) => {
          // Not written: the process itself has, into the run's folder.
          if (this.#record?.run === run) this.#record = { ...this.#record, process };
          if (this.#record?.run === run && this.#record.readyAt === null) this.#awaitReady(run);
          events.changed();
        },
        exited: (run, exit) => this.#exited(run, exit),
        gone: (run) => {
          this.#finishLog(run);
          events.gone(run);
        },
      },
    );
    this.#log = createServiceLog({
      service: spec.name,
      logDir,
      indexDir: join(world.paths.logIndex, spec.name),
      maxSize: spec.logs.maxSize,
      keep: spec.logs.keep,
      clock: { now: world.clock.wall },
      onFlood: (run, floods) => this.#runs.pause(run, floods),
      onProblem: (problem) => {
        this.#logProblem = problem;
        events.changed();
      },
    });
  }

  get record(): RunRecord | null {
    return this.#record;
  }

  get shim() {
    return this.#runs.shim;
  }

  /** In words: what a start still waits for. */
  get detail(): string {
    return this.#detail;
  }

  get listening(): { port: number; family: Family } | null {
    return this.#listening;
  }

  get notes(): string[] {
    return this.#logProblem === null ? [] : [this.#logProblem];
  }

  get configChanged(): boolean {
    return (
      this.#record !== null && this.#record.exit === null && this.#record.config !== configHash(this.#spec)
    );
  }

  configure(spec: ResolvedService): void {
    this.#spec = spec;
  }

  /** Not ready in time: what it does instead may explain it. */
  explainLateness(run: number): void {
    const { ports } = this.#world;
    const tree = this.#runs.tree(run);
    const held = [...listening(ports)].filter(({ socket }) =>
      tree.some(({ pid }) => ports.owns(pid, new Set([socket]))),
    );
    if (held.length > 0) this.#detail += `; it listens on ${held.map(({ port }) => port).join(', ')}`;
  }

  /** Launches a run; what an earlier run left behind is ended first. */
  launch(run: number, cause: Cause): void {
    this.#detail = 'starting';
    this.#launching = run;
    void this.#clearTheWay(run).then(
      (taken) => {
        // Stopped again meanwhile: `terminate` has already told that nothing is left.
        if (this.#launching !== run) return;
        this.#launching = null;
        if (taken === null) this.#launchNow(run, cause);
        else this.#events.cannotStart(run, taken);
      },
      (error: unknown) => this.#cannotStart(run, errorMessage(error)),
    );
  }

  terminate(run: number): void {
    this.#undoReadiness();
    this.#detail = '';
    if (this.#forgetLaunch(run)) return;
    this.#runs.terminate(run, this.#spec.stop.signal as NodeJS.Signals);
  }

  kill(run: number): void {
    this.#undoReadiness();
    if (this.#forgetLaunch(run)) return;
    this.#runs.kill(run);
  }

  sweep(run: number): void {
    const swept = this.#runs.sweep(run).then(() => this.#finishLog(run));
    this.#pending.add(swept);
    void swept.then(() => this.#pending.delete(swept));
  }

  /** What runs of an earlier daemon printed last, and it did not come to copy. */
  finishLogs(runs: number[]): void {
    for (const run of runs) {
      this.#log.attach(run, this.#spool(run));
      this.#finishLog(run);
    }
  }

  /** Resolves when all that ended runs printed is in the log and nothing that they left behind lives. */
  async settled(): Promise<void> {
    for (const each of this.#pending) {
      await each;
      this.#pending.delete(each);
    }
  }

  retire(): void {
    this.#runs.retire();
  }

  /** Takes over what an earlier daemon left running, as its run folder tells it. */
  async adopt(record: RunRecord): Promise<void> {
    this.#record = record;
    const folder = runFolder(this.#world.paths.runs, record.service, record.run);
    const ended = folder.readExit();
    this.#log.attach(record.run, folder.spool);
    this.#runs.adopt(record);
    this.#record = { ...record, process: this.#runs.process(record.run) };
    if (ended !== null) return;
    if (record.process === null && folder.readPid() === null && !(await this.#runs.wasBegun(record.run))) {
      this.#runs.abandon(record.run);
      return;
    }
    // It may have ended while the shim was asked: nobody would end a check that begins after that.
    const lives = this.#record?.run === record.run && this.#record.exit === null;
    if (lives && record.readyAt === null) this.#awaitReady(record.run);
  }

  /** Its run's record was removed from disk: without it the next daemon would not know the run. */
  recordAgain(): void {
    const record = this.#record;
    if (record === null || record.exit !== null) return;
    this.#runs.recordAgain();
    makePrivateFolder(runFolder(this.#world.paths.runs, record.service, record.run).path);
    this.#update(record.run, {});
  }

  /** The last lines that its current or last run printed. */
  lastLines(lastRun: number, count: number): string[] {
    // The run that failed did not come to be: an earlier one's words would explain nothing.
    if (this.#record?.run !== lastRun) return [];
    const run = this.#record?.run;
    const spoken =
      run === undefined || this.#record?.exit !== null ? this.#lastWords : lastLines(this.#spool(run), count);
    return spoken.slice(-count);
  }

  close(): void {
    this.#undoReadiness();
    this.#runs.close();
    this.#log.close();
  }

  /** True when the run was only about to be launched: then it is not. */
  #forgetLaunch(run: number): boolean {
    if (this.#launching !== run) return false;
    this.#launching = null;
    this.#events.gone(run);
    return true;
  }

  /** Ends what earlier runs left behind. Resolves to who else has one of its ports, or null when all are free. */
  async #clearTheWay(run: number): Promise<ParkReason | null> {
    if (this.#runs.leavesSomething()) {
      this.#detail = 'ending what the run before left behind';
      await this.#runs.sweepAll();
    }
    return freePorts(
      {
        service: this.#spec.name,
        ports: this.#spec.ports,
        isWanted: () => this.#launching === run,
        endStray: (pid) => this.#runs.endStray(pid),
        onDetail: (detail) => {
          this.#detail = detail;
          this.#events.changed();
        },
      },
      this.#world,
    );
  }

  #launchNow(run: number, cause: Cause): void {
    const { name } = this.#spec;
    try {
      const launch = this.#launchOf(run);
      const problem = launchProblem(launch, this.#world.env['PATH'] ?? '');
      if (problem !== null) return this.#cannotStart(run, problem);
      const slot = this.#runs.freeSlot();
      if (slot === null) return this.#cannotStart(run, 'too many of its earlier runs are still ending');
      this.#listening = null;
      this.#record = {
        service: name,
        run,
        cause,
        slot,
        startedAt: this.#world.clock.wall(),
        readyAt: null,
        endedAt: null,
        exit: null,
        process: null,
        boot: this.#world.processes.bootId(),
        config: configHash(this.#spec),
      };
      this.#runs.launch(this.#record, launchScript(launch, machineTools()));
      this.#log.attach(run, this.#spool(run));
      this.#world.onLaunch(name);
    } catch (error) {
      this.#cannotStart(run, errorMessage(error));
    }
  }

  #launchOf(run: number): Launch {
    const env = { ...readServiceEnv(this.#spec), UPKEEP_RUN: String(run) };
    return { command: this.#spec.command, cwd: this.#spec.cwd, env };
  }

  #cannotStart(run: number, message: string): void {
    this.#events.cannotStart(run, { kind: 'cannot-start', message });
  }

  #awaitReady(run: number): void {
    this.#undoReadiness();
    this.#undoReadiness = watchReadiness(
      this.#spec,
      {
        ports: this.#world.portProbe,
        isOurs: (sockets) => this.#holds(run, sockets),
        onListening: (port, family) => {
          this.#listening = { port, family };
        },
        onText: (onText) => this.#log.attach(run, this.#spool(run), { onText }),
        env: this.#world.env,
      },
      () => {
        this.#detail = '';
        this.#runs.forgetScript(run);
        this.#update(run, { readyAt: this.#world.clock.wall() });
        this.#events.ready(run);
      },
      (detail) => {
        if (this.#detail === detail) return;
        this.#detail = detail;
        this.#events.changed();
      },
    );
  }

  /** Nearly always it is the run's own process that listens; only behind npm or a shell the whole tree is looked at. */
  #holds(run: number, sockets: Set<string>): boolean {
    const { ports } = this.#world;
    const own = this.#runs.process(run);
    if (own !== null && ports.owns(own.pid, sockets)) return true;
    return this.#runs.tree(run).some(({ pid }) => ports.owns(pid, sockets));
  }

  #exited(run: number, exit: Exit): void {
    if (this.#record?.run === run) this.#undoReadiness();
    const neverReady = this.#record?.run === run && this.#record.readyAt === null;
    const folder = runFolder(this.#world.paths.runs, this.#spec.name, run);
    this.#lastWords = lastLines(folder.spool, LAST_WORDS);
    if (this.#record?.run === run) {
      this.#record = { ...this.#record, exit, endedAt: folder.readExit()?.at ?? this.#world.clock.wall() };
      this.#saveSoon(this.#record);
    }
    const taken = neverReady && !isSuccess(exit) ? this.#takenPort() : null;
    this.#events.exited(run, exit, taken);
  }

  /** Its last words say that a port was taken: by whom? */
  #takenPort(): ParkReason | null {
    const port = portInLastWords(this.#lastWords.join('\n'));
    if (port === null) return null;
    const owner = portOwner(port, this.#world.ports, this.#world.processes);
    return owner === null ? null : portTaken(port, owner);
  }

  /** Not before its whole tree is gone: what it left behind may still print. */
  #finishLog(run: number): void {
    const finished = this.#log.finish(run);
    this.#pending.add(finished);
    void finished.then(() => this.#pending.delete(finished));
  }

  #spool(run: number): string {
    return runFolder(this.#world.paths.runs, this.#spec.name, run).spool;
  }

  #update(run: number, changes: Partial<RunRecord>): void {
    if (this.#record?.run !== run) return;
    this.#record = { ...this.#record, ...changes };
    this.#save(this.#record);
  }

  /** After its successor's launch: the exit is on disk already, by the hand of the wrapper. */
  #saveSoon(record: RunRecord): void {
    const saved = new Promise<void>((resolve) => {
      setTimeout(() => {
        this.#save(record);
        resolve();
      }, SAVE_MS);
    });
    this.#pending.add(saved);
    void saved.then(() => this.#pending.delete(saved));
  }

  #save(record: RunRecord): void {
    try {
      runFolder(this.#world.paths.runs, record.service, record.run).save(record);
    } catch {
      // A full disk: pid and exit are in files that were made beforehand; the next daemon reads those.
    }
  }
}
