/** Is all as it must be now: one daemon, one run of each wanted service with its children and newest code, nothing else? */
import { get } from 'node:http';
import { isAlive, type ProcessInfo } from '../../test/rig/processes.ts';
import { answeringDaemon } from '../observe/daemon.ts';
import type { Life } from '../observe/truth.ts';
import type { Role } from '../room/cast.ts';
import type { World } from '../world.ts';

export type Found =
  /** Who is there. */
  | { readonly calm: string[] }
  | { readonly unrest: string[]; readonly duplicates: number; readonly leftBehind: number };

interface Answer {
  readonly id: string;
  readonly version: number;
}

export async function findUnrest(world: World): Promise<Found> {
  const unrest: string[] = [];
  const calm: string[] = [];
  let [duplicates, leftBehind] = [0, 0];
  const isWanted = world.model.wanted.size > 0;
  const daemons = world.room.daemons();
  if (isWanted) {
    const answering = await answeringDaemon(world.room);
    if (answering === null) unrest.push('no daemon answers');
    else calm.push(`daemon ${answering}`);
    if (daemons.length !== 1) unrest.push(`${daemons.length} daemons live`);
    duplicates += Math.max(0, daemons.length - 1);
  } else if (daemons.length > 0) unrest.push('the daemon lives though nothing is wanted');
  for (const role of world.room.roles) {
    const living = world.truth.living(role.name);
    const problem = await ofService(world, role, living);
    if (problem === null) calm.push(...living.map(({ id }) => id));
    else unrest.push(`${role.name}: ${problem}`);
    duplicates += Math.max(0, living.length - 1);
    const left = leftOf(world, role, living);
    leftBehind += left.length;
    if (left.length > 0) unrest.push(`${role.name}: left behind ${left.map(({ pid }) => pid).join(', ')}`);
  }
  return unrest.length === 0 ? { calm } : { unrest, duplicates, leftBehind };
}

async function ofService(world: World, role: Role, living: readonly Life[]): Promise<string | null> {
  if (!world.model.wanted.has(role.name)) {
    return living.length === 0 ? null : `not wanted, and ${living.map(({ id }) => id).join(', ')} lives`;
  }
  const [life, ...more] = living;
  if (life === undefined) return 'wanted, and none lives';
  if (more.length > 0) return `${living.length} runs live: ${living.map(({ id }) => id).join(', ')}`;
  const answer = await ask(world.room.port(role.name));
  if (answer === null) return `${life.id} does not answer`;
  if (answer.id !== life.id) return `${answer.id} answers in place of ${life.id}`;
  const version = world.model.versions.get(role.name);
  if (answer.version !== version) return `version ${answer.version} answers in place of ${version}`;
  return null;
}

/** Living children of lives that have ended. */
function leftOf(world: World, role: Role, living: readonly Life[]): ProcessInfo[] {
  if (role.children.length === 0) return [];
  const here = new Set(living.map(({ id }) => id));
  return world.truth
    .lives(role.name)
    .filter(({ id }) => !here.has(id) && !world.model.unswept.has(id))
    .flatMap((life) => world.truth.children(life))
    .filter(({ pid }) => isAlive(pid));
}

/** Who answers on this port; null: nobody. */
function ask(port: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', agent: false, timeout: 3_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve(JSON.parse(body) as Answer));
      response.once('error', () => resolve(null));
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(null));
  });
}
