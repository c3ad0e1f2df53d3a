/** Is each line that was printed in the log, once and in order? */
import { pause } from '../../test/rig/eventually.ts';
import { type Found, logTexts, readLines } from '../observe/lines.ts';
import { type Life, processOf } from '../observe/truth.ts';
import type { World } from '../world.ts';
import { wasOnTrial } from './trial.ts';

/** Longest time from a line's print to its place in the log, in ms: more than the copying of a flood takes. */
const PATIENCE = 20_000;
const LOOK = 100;
/** Lines of one write, which may be done or not when its life is killed. */
const WRITE = 2_100;

/** What the last audit of a service had found: only the difference is counted. */
const counted = new WeakMap<World, Map<string, number>>();

export async function auditLines(world: World): Promise<string[]> {
  const problems: string[] = [];
  for (const { name } of world.room.roles) problems.push(...(await ofService(world, name)));
  return problems;
}

async function ofService(world: World, service: string): Promise<string[]> {
  const lives = world.truth.lives(service).filter((life) => !wasOnTrial(world, life));
  const printed = new Map(lives.map((life) => [life, world.truth.printed(life)] as const));
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const found = readAll(world, service, lives);
    const late = lives.filter((life) => (found.last.get(life.id) ?? 0) < (printed.get(life) ?? 0));
    const isOver = late.length === 0 || performance.now() > deadline;
    if (found.problems.length === 0 && !isOver) {
      await pause(LOOK);
      continue;
    }
    return [
      ...count(world, service, found, late, printed),
      ...late.map(
        (life) =>
          `${service}: the log of ${life.id} ends at ${found.last.get(life.id) ?? 0} of ${printed.get(life)}`,
      ),
      ...found.problems.map((problem) => `${service}: ${problem}`),
      ...tooMuch(world, service, found, printed),
    ];
  }
}

function readAll(world: World, service: string, lives: readonly Life[]): Found {
  const removed = world.removedLogs.get(service) ?? [];
  const texts = logTexts(world.room.path('.server-logs'), service, removed);
  const shown = world.model.noisy.has(service)
    ? texts.map((each) => ({ ...each, text: own(each.text) }))
    : texts;
  const dead = lives.filter((life) => processOf(life) === null).map(({ id }) => id);
  return readLines(shown, (id) => dead.some((each) => each.startsWith(id)));
}

/** Without what Node says of a program that could not listen, and bytes that are no text. */
function own(text: string): string {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return [...lines.filter((line) => /^\d+-\d+ /.test(line)), last].join('\n');
}

/** A line that nobody printed. */
function tooMuch(world: World, service: string, { last }: Found, printed: Map<Life, number>): string[] {
  return [...printed].flatMap(([life]) => {
    if (processOf(life) !== null) return [];
    const most = world.truth.printed(life) + WRITE;
    return (last.get(life.id) ?? 0) > most
      ? [`${service}: ${life.id} printed ${most}, and more is there`]
      : [];
  });
}

function count(
  world: World,
  service: string,
  found: Found,
  missing: readonly Life[],
  printed: Map<Life, number>,
): string[] {
  const known = counted.get(world) ?? new Map<string, number>();
  counted.set(world, known);
  world.tally.printed += found.total - (known.get(service) ?? 0);
  known.set(service, found.total);
  world.tally.lost += found.lost;
  for (const life of missing) world.tally.lost += (printed.get(life) ?? 0) - (found.last.get(life.id) ?? 0);
  world.tally.doubled += found.doubled;
  world.tally.garbled += found.garbled.length;
  return [];
}
