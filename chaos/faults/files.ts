/** Files of a workspace are removed, moved, cut or garbled under a running daemon. */
import { existsSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../test/rig/eventually.ts';
import { answeringDaemon } from '../observe/daemon.ts';
import { logNames, RemovedLog } from '../observe/lines.ts';
import { namesIn } from '../observe/read.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { kill } from './daemon.ts';
import type { Fault } from './fault.ts';
import { live } from './life.ts';
import { orphan } from './processes.ts';

const logsRemoved: Fault = {
  name: 'logs-removed',
  what: 'the log folder, or one log in it, is deleted',
  weight: 2,
  async inject(world, random) {
    const { over } = live(world, random);
    await pause(random.next() * 300);
    const all = random.next() < 0.5;
    const names = all ? world.room.roles.map(({ name }) => name) : [random.one(world.room.roles).name];
    const folder = world.room.path('.server-logs');
    for (const name of names) removeLog(world, folder, name);
    // As `rm -r` does; where the daemon was quicker, it stays.
    if (all) removeEmpty(folder);
    await over;
  },
};

const logsUnwritable: Fault = {
  name: 'logs-unwritable',
  what: 'for a while a file stands where the log folder was',
  weight: 2,
  async inject(world, random) {
    const folder = world.room.path('.server-logs');
    const aside = `${folder}.aside`;
    renameSync(folder, aside);
    // The daemon may have made it anew in this very moment: then that is where it writes now.
    const isBlocked = block(folder);
    const { over } = live(world, random);
    await pause(random.next() * 1_000);
    if (random.next() < 0.5) for (const daemon of world.room.daemons()) kill(world, daemon);
    await over;
    if (isBlocked) rmSync(folder);
    if (existsSync(folder)) return mergeBack(world, aside);
    renameSync(aside, folder);
  },
};

/** Small files that a daemon writes as a whole, and what may be done to them. */
const RECORDS = ['daemon.json', 'snapshot.json', 'config.json', 'journal.jsonl'];
const WAYS: Record<string, (file: string) => void> = {
  removed: (file) => rmSync(file, { force: true }),
  emptied: (file) => writeFileSync(file, ''),
  cut: (file) =>
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, Math.floor(statSync(file).size / 2))),
  garbled: (file) => writeFileSync(file, '{"garbage": \u0000'),
  'of another kind': (file) => writeFileSync(file, '[42]'),
  newer: (file) => writeFileSync(file, newer(readFileSync(file, 'utf8'))),
};

const stateFile: Fault = {
  name: 'state-file',
  what: 'the state file is removed, cut, garbled or from a newer version, and the daemon is killed',
  weight: 2,
  inject: (world, random) =>
    damage(world, random, world.room.path('.server-daemon-state.json'), random.one(Object.keys(WAYS))),
};

const records: Fault = {
  name: 'records',
  what: `one of ${RECORDS.join(', ')} or a run.json is removed, cut, garbled or from a newer version, and the daemon is killed`,
  weight: 4,
  async inject(world, random) {
    const own = world.room.path('.upkeep');
    const files = [...RECORDS.map((name) => join(own, name)), ...runRecords(own)];
    const file = random.one(files);
    // What it told of ended runs is gone with it.
    if (file.endsWith('journal.jsonl')) forgetEnded(world);
    if (file.endsWith('run.json')) forgetLiving(world);
    await damage(world, random, file, random.one(Object.keys(WAYS)));
  },
};

const ownRemoved: Fault = {
  name: 'own-removed',
  what: 'the whole .upkeep folder is deleted under the running daemon',
  weight: 1,
  async inject(world, random) {
    forgetEnded(world);
    forgetLiving(world);
    removeAll(world.room.path('.upkeep'));
    await pause(random.next() * 300);
    orphanAll(world);
    // Nobody needs to say anything: what is edited or crashes is started again.
    await live(world, random).over;
    await world.settle();
    orphanAll(world);
    // Any command has the daemon write anew what it knows.
    await answeringDaemon(world.room);
    await world.must('start');
    // Their spools have no names: only this daemon can still read them.
    for (const { name } of world.room.roles) await world.must('restart', '--hard', name);
    forgetEnded(world);
  },
};

/** The pipes to the shims are gone: they are made anew with the next run, and what they held is bound again. */
function orphanAll(world: World): void {
  for (const { name, isServed } of world.room.roles) if (isServed) orphan(world, name);
}

async function damage(world: World, random: Random, file: string, way: string): Promise<void> {
  world.detail = `${file.slice(world.room.workspace.length + 1)} ${way}`;
  const { over } = live(world, random);
  await pause(random.next() * 200);
  if (existsSync(file)) WAYS[way]?.(file);
  for (const daemon of world.room.daemons()) kill(world, daemon);
  await over;
  await world.must('start');
}

function newer(text: string): string {
  try {
    const value = JSON.parse(text) as object;
    return JSON.stringify({ ...value, version: 999, protocol: 999, invented: { later: true } });
  } catch {
    return `${text}{"at":1,"kind":"invented-later","version":999}\n`;
  }
}

/** The newest first: the daemon may rotate meanwhile. */
function removeLog(world: World, folder: string, service: string): void {
  const names = logNames(folder, service).reverse();
  const aside = join(world.room.base, 'removed');
  const removed = names.flatMap((name) => RemovedLog.take(join(folder, name), aside) ?? []);
  world.removedLogs.set(service, [...(world.removedLogs.get(service) ?? []), ...removed]);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it again.
  }
}

function block(folder: string): boolean {
  try {
    writeFileSync(folder, 'not a folder', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** The daemon has gone on in a folder of its own making: what stood before stays readable. */
function mergeBack(world: World, aside: string): void {
  for (const { name } of world.room.roles) removeLog(world, aside, name);
  rmSync(aside, { recursive: true });
}

/** The daemon writes into it meanwhile: what it has just made anew may stay. */
function removeAll(folder: string): void {
  for (let left = 20; left > 0 && existsSync(folder); left--) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

function runRecords(own: string): string[] {
  const runs = join(own, 'runs');
  return namesIn(runs).flatMap((service) =>
    namesIn(join(runs, service))
      .slice(-1)
      .map((run) => join(runs, service, run, 'run.json')),
  );
}

/** Nobody can know any more how these ended. */
function forgetEnded(world: World): void {
  for (const { name } of world.room.roles) {
    for (const { id } of world.truth.lives(name)) world.model.unknowable.add(id);
  }
}

function forgetLiving(world: World): void {
  for (const { name } of world.room.roles) {
    for (const { id } of world.truth.living(name)) world.model.unknowable.add(id);
  }
}

export const fileFaults: readonly Fault[] = [logsRemoved, logsUnwritable, stateFile, records, ownRemoved];
