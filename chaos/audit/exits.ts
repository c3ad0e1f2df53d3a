/** Is it known of each run that has ended how it ended, on disk and in the journal, and is that right? */
import { isDeepStrictEqual } from 'node:util';
import { pause } from '../../test/rig/eventually.ts';
import { collectExits, journalExits, type Told } from '../observe/exits.ts';
import { type Life, processOf } from '../observe/truth.ts';
import type { World } from '../world.ts';
import { wasOnTrial } from './trial.ts';

/** Longest time from an end to its record, in ms. */
const PATIENCE = 10_000;
const LOOK = 50;

/** Lives whose end has been looked at. */
const done = new WeakMap<World, Set<string>>();

export async function auditExits(world: World): Promise<string[]> {
  const seen = done.get(world) ?? new Set<string>();
  done.set(world, seen);
  const { unknowable } = world.model;
  const ended = world.room.roles
    .flatMap(({ name }) => world.truth.lives(name))
    .filter((life) => !seen.has(life.id) && processOf(life) === null);
  for (const { id } of ended) seen.add(id);
  const knowable = ended.filter((life) => !unknowable.has(life.id) && !wasOnTrial(world, life));
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const problems = judgeAll(world, knowable);
    if (problems.size > 0 && performance.now() < deadline) {
      await pause(LOOK);
      continue;
    }
    world.tally.unknownExits += problems.size;
    world.tally.exits += knowable.length - problems.size;
    return [...problems].map(([{ service, id }, problem]) => `${service}: ${id} ${problem}`);
  }
}

function judgeAll(world: World, ended: readonly Life[]): Map<Life, string> {
  const problems = new Map<Life, string>();
  for (const { name } of world.room.roles) {
    collectExits(world.room, name, world.exits);
    const told = journalExits(world.room, name);
    for (const life of ended.filter(({ service }) => service === name)) {
      const problem = judge(world, life, told);
      if (problem !== null) problems.set(life, problem);
    }
  }
  return problems;
}

function judge(world: World, life: Life, told: Map<number, Told[]>): string | null {
  const found = world.exits.get(life.id);
  if (found?.exit == null) return 'ended, and no exit is on disk';
  const { run, exit } = found;
  if ('unknown' in exit) return `(run ${run}) ended, and its exit is said to be unknown`;
  const [journaled, ...again] = told.get(run) ?? [];
  if (!isDeepStrictEqual(journaled?.exit, exit))
    return `(run ${run}) ended: ${JSON.stringify(exit)} on disk, ${JSON.stringify(journaled?.exit)} in the journal`;
  if (again.length > 0)
    return `(run ${run}) ended once, and the journal tells of it ${again.length + 1} times`;
  const code = world.truth.ended(life);
  const expected = code === null ? world.model.ends.get(life.id) : { code };
  if (expected === undefined || isDeepStrictEqual(exit, expected)) return null;
  // It was killed after it had said how it would end.
  if (code !== null && 'signal' in exit) return null;
  // It was dying of what the daemon had sent it when the fault's signal came.
  if (journaled?.asked && isDeepStrictEqual(exit, { signal: 'SIGTERM' })) return null;
  return `(run ${run}) ended with ${JSON.stringify(expected)}, and ${JSON.stringify(exit)} is on disk`;
}
