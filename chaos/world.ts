/** The room with its load, its model and its observers: waits until all is as it must be, and looks whether it was. */
import { isDeepStrictEqual } from 'node:util';
import { pause } from '../test/rig/eventually.ts';
import { Load } from '../test/rig/load.ts';
import { describe } from '../test/rig/processes.ts';
import { auditCommand } from './audit/command.ts';
import { auditExits } from './audit/exits.ts';
import { auditLines } from './audit/lines.ts';
import { auditRequests } from './audit/requests.ts';
import { findUnrest } from './audit/rest.ts';
import { Model } from './model.ts';
import type { Exits } from './observe/exits.ts';
import { collectExits } from './observe/exits.ts';
import type { RemovedLog } from './observe/lines.ts';
import { textOf } from './observe/read.ts';
import { Truth } from './observe/truth.ts';
import { Bare } from './room/bare.ts';
import { Bystanders } from './room/bystanders.ts';
import type { Role } from './room/cast.ts';
import { Room, type RoomOptions } from './room/room.ts';
import type { Tally } from './tally.ts';

/** Clients of each kind that ask a served service, and ms between their requests. */
const CLIENTS = 2;
const REST = 25;
/** Longest time from the end of a fault until all is as it must be, in ms. */
const PATIENCE = 25_000;
const LOOK = 40;

/** What must hold did not. */
export class Violation extends Error {
  override name = 'Violation';
}

export class World {
  readonly room: Room;
  readonly tally: Tally;
  readonly model: Model;
  readonly truth: Truth;
  readonly bystanders: Bystanders;
  readonly bare: Bare;
  readonly exits: Exits = new Map();
  /** By service. */
  readonly removedLogs = new Map<string, RemovedLog[]>();
  readonly loads = new Map<string, Load>();
  /** What the fault at hand has chosen to do, in words. */
  detail = '';

  private constructor(room: Room, tally: Tally) {
    this.room = room;
    this.tally = tally;
    this.model = new Model(room.roles);
    this.truth = new Truth(room);
    this.bystanders = new Bystanders(room);
    this.bare = new Bare(room);
  }

  /** All services run and are asked. */
  static async begin(options: RoomOptions, tally: Tally): Promise<World> {
    const room = await Room.create(options);
    const world = new World(room, tally);
    try {
      await world.must('start');
      await world.settle();
      world.#ask();
      return world;
    } catch (error) {
      await world.end();
      throw error;
    }
  }

  role(name: string): Role {
    const role = this.room.roles.find((each) => each.name === name);
    if (role === undefined) throw new Error(`no role ${name}`);
    return role;
  }

  /** As many requests as can be inside one process of it. */
  get inside(): number {
    return CLIENTS * 2;
  }

  /** Runs a command until it succeeds: its daemon may be killed under it. */
  async must(...args: string[]): Promise<void> {
    let last = '';
    for (let attempt = 0; attempt < 5; attempt++) {
      const result = await this.room.cli(...args);
      if (result.code === 0) return;
      last = `exit ${result.code ?? result.signal}\n${result.stdout}${result.stderr}`;
    }
    throw new Violation(`upkeep ${args.join(' ')} does not succeed: ${last}`);
  }

  /** An edit of its entry file. */
  edit(name: string): void {
    const version = (this.model.versions.get(name) ?? 1) + 1;
    this.model.versions.set(name, version);
    this.room.save(this.role(name), version);
  }

  /** Waits until all that is wanted runs once, answers with its newest code, and nothing else is left. */
  async settle(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    let calm: string[] | null = null;
    for (;;) {
      const found = await findUnrest(this);
      this.#collect();
      if ('calm' in found) {
        // Twice the same: it is not merely passing by.
        if (calm !== null && isDeepStrictEqual(calm, found.calm)) return this.#judge(auditRequests(this));
        calm = found.calm;
      } else {
        calm = null;
        if (performance.now() > deadline) {
          this.tally.duplicates += found.duplicates;
          this.tally.leftBehind += found.leftBehind;
          throw new Violation(found.unrest.join('\n'));
        }
      }
      await pause(LOOK);
    }
  }

  /** Looks at all that was asked, printed and ended so far. */
  async audit(): Promise<void> {
    this.#judge([
      ...auditRequests(this),
      ...(await auditLines(this)),
      ...(await auditExits(this)),
      ...this.bystanders.disturbed(this.tally),
    ]);
  }

  /** Nobody asks meanwhile. */
  async unasked(act: () => Promise<void>): Promise<void> {
    await this.#askNoMore();
    this.#judge(auditRequests(this));
    await act();
    this.#ask();
  }

  /** Stops everything, looks a last time, and counts. */
  async finish(): Promise<void> {
    await this.#askNoMore();
    await this.must('stop');
    this.model.wanted.clear();
    await this.settle();
    await this.audit();
    this.#judge(await auditCommand(this));
  }

  /** All that helps to see why something did not hold. */
  async diagnosis(): Promise<string> {
    const status = await this.room.cli('status');
    const whys = await Promise.all(this.room.roles.map(({ name }) => this.room.cli('why', name)));
    return [
      this.room.processes().map(describe).join('\n'),
      status.stdout + status.stderr,
      ...whys.map(({ stdout }) => stdout.split('\n').slice(0, 40).join('\n')),
      JSON.stringify(JSON.parse(textOf(this.room.path('.upkeep', 'snapshot.json')) || 'null')),
      textOf(this.room.path('.upkeep', 'daemon.log')).split('\n').slice(-20).join('\n'),
    ].join('\n--\n');
  }

  async end(): Promise<void> {
    await Promise.all([...this.loads.values()].map((load) => load.stop()));
    for (const log of [...this.removedLogs.values()].flat()) log.close();
    await this.room.end();
  }

  #ask(): void {
    const { roles } = this.room;
    for (const { name } of roles.filter(({ isServed }) => isServed))
      this.loads.set(name, new Load(this.room.port(name), { clients: CLIENTS, rest: REST }));
  }

  async #askNoMore(): Promise<void> {
    for (const load of this.loads.values()) {
      await load.stop();
      this.tally.asked += load.asked;
    }
  }

  #judge(problems: readonly string[]): void {
    if (problems.length > 0) throw new Violation(problems.join('\n'));
  }

  #collect(): void {
    for (const { name } of this.room.roles) collectExits(this.room, name, this.exits);
  }
}
