/**
 * The daemon of one workspace: `node daemon.cjs WORKSPACE [boot]` (see start.ts), started by its guard. Starting is recovering.
 * `boot`: nobody asked for it, the machine came up; it starts what was wanted, and ends at once when that is nothing.
 */
import { closeSync, existsSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { UserError } from '../contract/exit-codes.ts';
import { mask } from '../contract/mask.ts';
import { PROTOCOL } from '../contract/version.ts';
import { keepCompiled } from '../platform/compiled/keep.ts';
import type { Loaded } from '../platform/compiled/load.ts';
import { claimOwnFolder, errorMessage } from '../platform/files.ts';
import { socketPath, workspaceId, workspacePaths } from '../platform/paths.ts';
import { systemPorts } from '../platform/ports.ts';
import { systemProcesses } from '../platform/proc.ts';
import { reach } from '../platform/reach.ts';
import { keepReserve } from '../platform/reserve.ts';
import { sharedProcesses } from '../platform/shared-processes.ts';
import { sparingListeners } from '../platform/sparing-listeners.ts';
import { Runs } from '../process/runs.ts';
import { systemClock } from './clock.ts';
import { answers, familyOf } from './connects.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { createDoor } from './door/door.ts';
import { openEntrance } from './entrance.ts';
import { withoutHooks } from './exact/without-hooks.ts';
import { type KitContent, kitsFolder, openKit, removeOldKits } from './kit.ts';
import { createPortProbe } from './port-probe.ts';
import { diedBefore, runDaemon } from './run-daemon.ts';
import { removeControlFolder } from './seamless/control-path.ts';
import { claim, OTHER_DAEMON, unclaim } from './single.ts';
import { spareMemory } from './spare-memory.ts';
import { giveBackCertificates } from './spared-certificates.ts';
import { Unasked } from './standby/unasked.ts';
import { currentConfig, storedConfig } from './stored-config.ts';

type Unkept = Loaded<unknown>['unkept'];

/** Descriptor on which whoever started the guard waits for word that the daemon listens. */
const READY_FD = 4;
/** A guard that reads this does not try again. */
const NOT_TO_BE_HAD = 77;

/** ms from the first answer until a start is over: all code that it needs has run. */
const SETTLED_MS = 1_000;

async function main(root: string, atBoot: boolean, unkept: Unkept): Promise<void> {
  const paths = workspacePaths(root);
  // Brought back by its guard, it may find that its workspace was removed: that is not to be made anew.
  if (!existsSync(root)) throw new Error(`the workspace ${root} was removed`);
  claimOwnFolder(paths.own);
  keepReserve();
  const processes = sharedProcesses(systemProcesses());
  const ports = systemPorts();
  const id = workspaceId(root);
  const self = processes.get(process.pid);
  const record: DaemonRecord = {
    process: { pid: process.pid, start: self?.start ?? 0 },
    boot: processes.bootId(),
    socket: socketPath(root),
    version: __UPKEEP_VERSION__,
    protocol: PROTOCOL,
    startedAt: new Date().toISOString(),
  };
  if (!(await claim(paths.own, record.socket, record.process, processes))) process.exit(OTHER_DAEMON);
  reach('claimed');
  const entrance = await openEntrance(record, root);
  reach('listening');
  const content: KitContent = JSON.parse(__UPKEEP_KIT__);
  const kits = kitsFolder(paths, id);
  removeOldKits(kits, content.hash, processes);
  const world: DaemonWorld = {
    paths,
    id,
    clock: systemClock,
    processes,
    ports,
    recentPorts: sparingListeners(ports, systemClock.now),
    portProbe: createPortProbe({ ports, answers, familyOf, now: systemClock.now }),
    familyOf,
    openRuns: (world, events) => new Runs(world, events),
    env: environment(),
    kit: openKit(kits, content),
    unasked: new Unasked(systemClock.now),
    configPrinter: join(__dirname, 'print-config.cjs'),
    onLaunch: () => {},
    isLeaving: () => false,
  };
  const crashed = diedBefore(world);
  const door = createDoor(paths, record, processes);
  let tidy = () => {};
  await runDaemon({
    world,
    record,
    config: await (atBoot && !crashed ? currentConfig : storedConfig)(paths, world.configPrinter),
    crashed,
    startsWanted: atBoot && !crashed,
    door,
    entrance,
    saved: () => tidy(),
    tellReady() {
      tell('ready\n');
      setTimeout(() => {
        void door.open().then(() => {
          // Its code is for the flags that it was compiled under.
          if (unkept !== null) keepCompiled(unkept);
          tidy = spareMemory();
        });
      }, SETTLED_MS).unref();
    },
    end: () => {
      door.close();
      // As long as nobody else can be the daemon: the next one makes it anew.
      removeControlFolder(id);
      rmSync(paths.daemon, { force: true });
      unclaim(paths.own, record.process, processes);
      process.exit(0);
    },
  });
}

/** What services inherit: the environment of the terminal that started the daemon, without our own marks. */
function environment(): NodeJS.ProcessEnv {
  const {
    UPKEEP_WORKSPACE: _w,
    UPKEEP_SERVICE: _s,
    UPKEEP_RUN: _r,
    UPKEEP_ROOT: _o,
    UPKEEP_REPORT: _l,
    UPKEEP_STANDBY: _b,
    ...rest
  } = process.env;
  return withoutHooks(rest);
}

/** After a restart by the guard nobody waits, and the descriptor leads nowhere. */
function tell(text: string): void {
  try {
    writeSync(READY_FD, text);
    closeSync(READY_FD);
  } catch {
    // EPIPE: whoever waited is gone.
  }
}

/** `unkept`: the compiled code of this file, when it is to be kept for the next daemon. */
export function runMain(unkept: Unkept): void {
  giveBackCertificates(process.env);
  // Until the daemon listens; then it is told by this signal that its socket was removed.
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => undefined);
  main(process.argv[2] ?? process.cwd(), process.argv[3] === 'boot', unkept).catch((error: unknown) => {
    const isMistake = error instanceof UserError || !(error instanceof Error);
    const text = isMistake ? errorMessage(error) : (error.stack ?? error.message);
    console.error(`${new Date().toISOString()} ${mask(text)}`);
    tell(`failed ${mask(errorMessage(error))}\n`);
    process.exit(error instanceof UserError ? NOT_TO_BE_HAD : 1);
  });
}
