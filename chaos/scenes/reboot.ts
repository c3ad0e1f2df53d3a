/** The machine was rebooted: every record is from another boot, and its pids are those of strangers by now. */
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../test/rig/eventually.ts';
import { type ProcessInfo, signalExactly } from '../../test/rig/processes.ts';
import type { World } from '../world.ts';
import type { Scene } from './scene.ts';
import { withWorld } from './with-world.ts';

export const reboot: Scene = {
  name: 'reboot',
  what: 'everything is dead, and all pids in the records, with their start times, are those of strangers: nobody is signalled',
  isLong: false,
  impossible: () => null,
  async play(stage) {
    await withWorld(stage, {}, async (world) => {
      await pullThePlug(world);
      rewrite(world.room.path('.upkeep'), world.bystanders.processes);
      renameStandbys(world.room.path('.upkeep/runs'));
      await world.must('start');
    });
  },
};

async function pullThePlug(world: World): Promise<void> {
  for (const { name, isServed } of world.room.roles) {
    if (isServed) world.model.excuse(name, null);
    for (const { id } of world.truth.living(name)) world.model.unknowable.add(id);
  }
  await eventually(() => {
    const children = world.room.roles.flatMap(({ name }) =>
      world.truth.lives(name).flatMap((life) => world.truth.children(life)),
    );
    const left = [...world.room.processes(), ...children];
    for (const info of left) signalExactly(info, 'SIGKILL');
    return left.length === 0;
  }, 'everything is dead');
}

/** Every process in every record becomes a stranger, and every boot another one. */
function rewrite(own: string, strangers: readonly ProcessInfo[]): void {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  let next = 0;
  const stranger = () => strangers[next++ % strangers.length] as ProcessInfo;
  for (const name of readdirSync(own, { recursive: true }) as string[]) {
    const file = join(own, name);
    if (!statSync(file).isFile()) continue;
    if (name.endsWith('.json')) {
      const text = readFileSync(file, 'utf8').replaceAll(boot, 'another-boot');
      writeFileSync(file, JSON.stringify(replaced(JSON.parse(text), stranger)));
    }
    if (name.endsWith('/pid')) writeFileSync(file, readFileSync(`/proc/${stranger().pid}/stat`));
    if (/^claim-/.test(name)) {
      const { pid, start } = stranger();
      renameSync(file, join(own, `claim-${pid}-${start}-anotherboot`));
    }
  }
}

/** Their names say in which boot they began: see src/process/standby-name.ts. */
function renameStandbys(runs: string): void {
  for (const { name, parentPath } of folders(runs)) {
    const path = join(parentPath, name);
    if (name.startsWith('standby-')) renameSync(path, join(parentPath, ofAnotherBoot(name)));
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    const target = ofAnotherBoot(readlinkSync(path));
    unlinkSync(path);
    symlinkSync(target, path);
  }
}

function folders(runs: string): { name: string; parentPath: string }[] {
  const services = readdirSync(runs).map((service) => join(runs, service));
  return services.flatMap((parentPath) => readdirSync(parentPath).map((name) => ({ name, parentPath })));
}

function ofAnotherBoot(name: string): string {
  return name.replace(/^(standby-\d-)[^-]+/, '$1anotherb');
}

function replaced(value: unknown, stranger: () => ProcessInfo): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, stranger));
  if (typeof value !== 'object' || value === null) return value;
  if ('pid' in value && 'start' in value) {
    const { pid, start } = stranger();
    return { ...value, pid, start };
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, stranger)]));
}
