/**
 * The fault machine: one fault after the other in one room, and after each of them all must be as it was. Then the scenes,
 * each in a room of its own.
 */
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import { Random } from './random.ts';
import { CAST } from './room/cast.ts';
import { SCENES } from './scenes/index.ts';
import type { Scene } from './scenes/scene.ts';
import { Tally } from './tally.ts';
import { Violation, World } from './world.ts';

export interface MachineOptions {
  readonly seed: number;
  /** How many faults, and for how many ms at most. */
  readonly faults: number;
  readonly within: number;
  readonly chosen: Chosen;
  readonly node: string;
  readonly tell: (line: string) => void;
}

export interface Chosen {
  readonly faults: readonly Fault[];
  readonly scenes: readonly Scene[];
}

export interface Outcome {
  readonly tally: Tally;
  /** ms. */
  readonly took: number;
  /** What did not hold; null: all did. */
  readonly violation: string | null;
}

/** Faults between two looks at all lines and exits. */
const AUDIT = 10;

/** `only`: names; none: all, of the scenes the long ones only if they are asked for. Throws what it does not know. */
export function choose(only: readonly string[], isLong: boolean): Chosen {
  const known = [...FAULTS, ...SCENES].map(({ name }) => name);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(', ')}`);
  if (only.length === 0) return { faults: FAULTS, scenes: SCENES.filter((scene) => isLong || !scene.isLong) };
  const named = ({ name }: { name: string }) => only.includes(name);
  return { faults: FAULTS.filter(named), scenes: SCENES.filter(named) };
}

export async function runMachine(options: MachineOptions): Promise<Outcome> {
  const began = performance.now();
  const tally = new Tally();
  const at = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
  const told = { ...options, tell: (line: string) => options.tell(`${at()}  ${line}`) };
  const random = new Random(options.seed);
  // Streams of their own: a scene more or less does not shift the faults.
  const [forFaults, forScenes] = [random.fork(), random.fork()];
  let violation: string | null = null;
  if (options.chosen.faults.length > 0) violation = await injectAll(told, tally, forFaults, began);
  for (const scene of options.chosen.scenes) violation ??= await play(told, tally, forScenes.fork(), scene);
  return { tally, took: performance.now() - began, violation };
}

async function injectAll(
  { seed, node, tell, chosen, faults, within }: MachineOptions,
  tally: Tally,
  random: Random,
  began: number,
): Promise<string | null> {
  let current = 'the start';
  let world: World | null = null;
  try {
    world = await World.begin({ roles: CAST, node }, tally);
    for (let number = 1; number <= faults && performance.now() - began < within; number++) {
      const fault = random.weighted(chosen.faults);
      // Whatever one fault draws, the order of the faults stays.
      const own = random.fork();
      current = `#${number} ${fault.name}`;
      await inject(world, fault, own, (line) => tell(`#${number} ${line}`));
      if (number % AUDIT === 0) await world.audit();
    }
    current = 'the end';
    await world.finish();
    return null;
  } catch (error) {
    const detail = world?.detail ? `, ${world.detail}` : '';
    const diagnosis = (await world?.diagnosis().catch(String)) ?? '';
    return `${current}${detail} (seed ${seed}): ${messageOf(error)}\n\n${diagnosis}`;
  } finally {
    await world?.end();
  }
}

async function inject(
  world: World,
  fault: Fault,
  random: Random,
  tell: (line: string) => void,
): Promise<void> {
  world.tally.count(fault.name);
  world.detail = '';
  const began = performance.now();
  await fault.inject(world, random);
  const injected = performance.now();
  await world.settle();
  const calm = performance.now() - injected;
  tell(`${fault.name}  (${(injected - began).toFixed(0)} ms, calm after ${calm.toFixed(0)} ms)`);
}

async function play(
  { seed, node, tell }: MachineOptions,
  tally: Tally,
  random: Random,
  scene: Scene,
): Promise<string | null> {
  const why = scene.impossible();
  if (why !== null) {
    tell(`${scene.name} is left out: ${why}`);
    tally.leftOut.push(`${scene.name}: ${why}`);
    return null;
  }
  tally.count(scene.name);
  try {
    await scene.play({ tally, node, random });
    tell(scene.name);
    return null;
  } catch (error) {
    return `${scene.name} (seed ${seed}): ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Violation) return error.message;
  return error instanceof Error ? String(error.stack) : String(error);
}
