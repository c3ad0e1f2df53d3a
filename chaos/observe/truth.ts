/** What the services themselves have put down: who they are, what they printed, how they meant to end. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, lookUp, type ProcessInfo } from '../../test/rig/processes.ts';
import { childOf, type Room } from '../room/room.ts';

/** One process life of a service. */
export interface Life {
  readonly service: string;
  /** Pid and kernel start time. */
  readonly id: string;
  readonly pid: number;
  readonly start: number;
  readonly version: number;
  readonly children: readonly string[];
}

export class Truth {
  readonly #room: Room;
  readonly #lives = new Map<string, Life>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** All lives that were ever told of. */
  lives(service: string): Life[] {
    const found: Life[] = [];
    for (const file of readdirSync(this.#folder(service))) {
      if (file.endsWith('.json')) found.push(...this.#life(service, file.slice(0, -5)));
    }
    return found;
  }

  /** Those whose process lives. */
  living(service: string): Life[] {
    return this.lives(service).filter((life) => processOf(life) !== null);
  }

  /** Lines that were printed for certain. One write more may have been done. */
  printed({ service, id }: Life): number {
    return Number(this.#read(service, `${id}.n`) ?? 0);
  }

  /** The code that it ended with by itself; null: it did not. */
  ended({ service, id }: Life): number | null {
    const text = this.#read(service, `${id}.end`);
    return text === null || text === '' ? null : Number(text);
  }

  /** Its living children. */
  children({ service, id }: Life): ProcessInfo[] {
    const folder = join(this.#folder(service), id);
    return readdirSync(folder).flatMap((file) => childOf(join(folder, file)) ?? []);
  }

  #folder(service: string): string {
    return join(this.#room.truth, service);
  }

  /** Empty while the record is being written. */
  #life(service: string, id: string): Life[] {
    const known = this.#lives.get(id);
    if (known !== undefined) return [known];
    try {
      const life = { service, id, ...JSON.parse(this.#read(service, `${id}.json`) ?? '') } as Life;
      this.#lives.set(id, life);
      return [life];
    } catch {
      return [];
    }
  }

  #read(service: string, file: string): string | null {
    try {
      return readFileSync(join(this.#folder(service), file), 'utf8');
    } catch {
      return null;
    }
  }
}

export function processOf({ pid, start }: Life): ProcessInfo | null {
  const info = lookUp(pid);
  return info !== null && info.start === start && isAlive(pid) ? info : null;
}
