/** One service that ends over and over: what is kept of its runs is bounded, and each of them is told of. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { pause } from '../../test/rig/eventually.ts';
import { killDaemon } from '../faults/daemon.ts';
import { CAST } from '../room/cast.ts';
import { Violation, type World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

/** ms for one run, on a machine that does other things as well. */
const PATIENCE = 150;
/** What the runs say of themselves. A daemon that is killed may have counted one that it never began. */
const WITNESS = 'begun.txt';
/** ms. */
const COPIED_MS = 3_000;
/** Folders of runs: twenty are kept, and two hundred whose last words are still being copied, as on a busy machine. */
const MOST_FOLDERS = 225;
/** MB by which a daemon may be larger afterwards. */
const MOST_GROWTH = 25;

function brief(name: string, runs: number, isLong: boolean): Scene {
  return {
    name,
    what: `${runs.toLocaleString('en-US')} runs of one service that each end at once: their folders, the journal and the daemon stay small, and no line is lost`,
    isLong,
    impossible: () => null,
    async play(stage) {
      const roles = CAST.filter((role) => role.name === 'web');
      await withWorld(stage, { roles }, async (world) => {
        const before = daemonSize(world);
        addBrief(world);
        await world.must('start', '--no-wait', 'brief');
        const deadline = performance.now() + runs * PATIENCE + 10_000;
        for (let half = runs / 2; half <= runs; half += runs / 2) {
          while (lastLine(world) < half) {
            if (performance.now() > deadline) throw new Violation(`only ${lastLine(world)} of ${runs} runs`);
            await pause(100);
          }
          const growth = daemonSize(world) - before;
          if (growth > MOST_GROWTH) throw new Violation(`the daemon has grown by ${growth.toFixed(1)} MB`);
          if (half < runs) await killDaemon(world);
        }
        await world.must('stop', 'brief');
        await judge(world);
      });
    },
  };
}

/** A shell is begun and ended in a few ms. */
function addBrief(world: World): void {
  const file = world.room.path('upkeep.config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { services: object };
  const service = {
    command: ['sh', '-c', `echo "$UPKEEP_RUN" >>${WITNESS}; echo "run $UPKEEP_RUN"; exit 1`],
    ready: 'started',
    watch: false,
    // The failures of the last second are remembered, as few as a service usually has.
    restart: { delay: 0, maxFailures: 1_000_000, window: '1s' },
  };
  writeFileSync(file, JSON.stringify({ services: { ...config.services, brief: service } }));
}

function lines(world: World): number[] {
  try {
    const text = readFileSync(world.room.path('.server-logs', 'brief.log'), 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => Number(/^run (\d+)$/.exec(line)?.[1]));
  } catch {
    return [];
  }
}

function lastLine(world: World): number {
  return lines(world).at(-1) ?? 0;
}

async function judge(world: World): Promise<void> {
  // The last words may be copied a moment after the end has been told.
  const deadline = performance.now() + COPIED_MS;
  while (missing(world).length > 0 && performance.now() < deadline) await pause(50);
  const found = lines(world);
  const lost = missing(world);
  const doubled = found.length - new Set(found).size;
  world.tally.printed += found.length + lost.length;
  world.tally.lost += lost.length;
  world.tally.doubled += doubled;
  if (lost.length + doubled > 0)
    throw new Violation(`no line of the runs ${lost.join(', ') || '–'}; ${doubled} lines are there twice`);
  const folders = readdirSync(world.room.path('.upkeep', 'runs', 'brief')).length;
  if (folders > MOST_FOLDERS) throw new Violation(`${folders} folders of runs are kept`);
  const journal = statSync(world.room.path('.upkeep', 'journal.jsonl')).size;
  if (journal > 4.2 * 1024 * 1024) throw new Violation(`the journal has ${journal} bytes`);
}

/** Runs that began and whose line is not in the log. The last one may have been stopped before it printed. */
function missing(world: World): number[] {
  const there = new Set(lines(world));
  const begun = readFileSync(world.room.path(WITNESS), 'utf8').trimEnd().split('\n').map(Number);
  return begun.slice(0, -1).filter((run) => !there.has(run));
}

/** Resident, MB. */
function daemonSize(world: World): number {
  const [daemon] = world.room.daemons();
  const status = daemon === undefined ? '' : readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

export const briefScenes: readonly Scene[] = [
  brief('brief-runs', 300, false),
  brief('5000-runs', 5_000, true),
];
