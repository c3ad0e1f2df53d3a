/** What comes after a daemon has made its claim and listens: it puts itself together from what is on disk, and runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonRecord } from '../contract/daemon-record.ts';
import { keepCompiled } from '../platform/compiled/keep.ts';
import type { Loaded } from '../platform/compiled/load.ts';
import type { WorkspacePaths } from '../platform/paths.ts';
import { systemPorts } from '../platform/ports.ts';
import { systemProcesses } from '../platform/proc.ts';
import { keepReserve } from '../platform/reserve.ts';
import { sharedProcesses } from '../platform/shared-processes.ts';
import { sparingListeners } from '../platform/sparing-listeners.ts';
import { Runs } from '../process/runs.ts';
import { systemClock } from './clock.ts';
import { answers, familyOf } from './connects.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { createDoor } from './door/door.ts';
import { type Entrance, greetMeanwhile } from './entrance.ts';
import { withoutHooks } from './exact/without-hooks.ts';
import { type KitContent, kitsFolder, openKit, removeOldKits } from './kit.ts';
import { createPortProbe } from './port-probe.ts';
import { diedBefore, runDaemon } from './run-daemon.ts';
import { removeControlFolder } from './seamless/control-path.ts';
import { unclaim } from './single.ts';
import { spareMemory } from './spare-memory.ts';
import { Unasked } from './standby/unasked.ts';
import { currentConfig, storedConfig } from './stored-config.ts';

/** ms from the first answer until a start is over: all code that it needs has run. */
const SETTLED_MS = 1_000;

export interface Claimed {
  paths: WorkspacePaths;
  /** The workspace's mark. */
  id: string;
  record: DaemonRecord;
  entrance: Entrance;
  /** The machine came up, and nobody asked. */
  atBoot: boolean;
  /** The compiled code of the bundle that this is part of, when it is to be kept for the next daemon. */
  unkept: Loaded<unknown>['unkept'];
  /** Tells whoever started the guard. */
  tell(text: string): void;
}

export async function begin(claimed: Claimed): Promise<void> {
  const { paths, id, record, entrance, atBoot, unkept, tell } = claimed;
  keepReserve();
  const processes = sharedProcesses(systemProcesses());
  const ports = systemPorts();
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
  await greetMeanwhile();
  const crashed = await diedBefore(world);
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
