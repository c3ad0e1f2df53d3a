/** A random workspace under a real daemon: edits are made, and each time it is judged who has to have restarted. */
import { appendFileSync } from 'node:fs';
import type { StatusReport } from '../../src/contract/status.ts';
import { createRig, NODE, type Rig, type RigService } from '../rig/rig.ts';
import { nodeBinary } from '../smoke/nodes.ts';
import { Edits } from './edits.ts';
import { Judge } from './judge.ts';
import type { Module, ModuleKind } from './modules.ts';
import { hasProgram, lendPrograms, pathWith } from './programs.ts';
import { Chance } from './random.ts';
import { ask } from './server.ts';
import { Workspace } from './workspace.ts';

const MODULES = 18;
/** A service that loads nothing but its own file: its restart tells that all edits before have been dealt with. */
const SENTINEL = 'sentinel';
const SENTINEL_FILE = 'sentinel/sentinel.js';
/** ms: within it a burst has to be written even on a busy machine. The sentinel's is longer than all others. */
const QUIET = 150;
const SENTINEL_QUIET = { fixed: 250, adaptive: 750 };
/** For services on another Node than the daemon: a name of the smoke tests' cache. */
const OTHER_NODE = process.env['UPKEEP_EXACT_NODE'];
const SERVICE_NODE = OTHER_NODE === undefined ? NODE : nodeBinary(OTHER_NODE);

/** What is known of a service from outside, and by the judge. */
interface Life {
  readonly name: string;
  readonly port: number;
  /** Null: the sentinel. */
  readonly entry: Module | null;
  /** What people count: a run that was set aside before it served is none. */
  restarts: number;
  pid: string;
  loaded: Set<string>;
}

export class Room {
  readonly rig: Rig;
  readonly #space: Workspace;
  readonly #chance: Chance;
  readonly #edits: Edits;
  readonly #lives: Life[] = [];
  /** What was done so far, for the one who reads a failure. */
  readonly #story: string[] = [];
  #sentinels = 0;
  /** Edits that a busy machine stretched so far that nothing can be said of them. */
  stretched = 0;

  private constructor(rig: Rig, seed: number) {
    this.rig = rig;
    this.#chance = new Chance(seed);
    this.#space = new Workspace(rig.workspace, this.#chance, {
      typescript: hasProgram('tsx'),
      importsJson: OTHER_NODE !== '18.19.1',
    });
    const used = () => new Set(this.#lives.flatMap(({ loaded }) => [...loaded]));
    this.#edits = new Edits(this.#space, this.#chance, used);
    this.#story.push(`seed ${seed}`);
  }

  /** All its services are ready. The caller disposes the rig. */
  static async open(seed: number): Promise<Room> {
    const room = new Room(await createRig('odd'), seed);
    try {
      await room.#begin();
    } catch (error) {
      await room.rig.dispose().catch(() => {});
      throw error;
    }
    return room;
  }

  /** One edit: exactly those that had loaded what it changed have exactly one new run. */
  async step(): Promise<void> {
    await this.#askForMore();
    const before = this.#space.contents();
    const begun = performance.now();
    this.#story.push(this.#edits.next());
    const took = performance.now() - begun;
    if (took >= QUIET / 2) this.stretched++;
    const after = this.#space.contents();
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (file) => before.get(file) !== after.get(file),
    );
    const concerned = this.#lives.filter(({ loaded }) => changed.some((file) => loaded.has(file)));
    await this.#close(new Set(concerned), changed, took < QUIET / 2);
  }

  /** Nothing was edited: nothing has happened since the last step. */
  async rest(): Promise<void> {
    this.#story.push('rest');
    await this.#close(new Set(), [], true);
  }

  async #begin(): Promise<void> {
    const { rig } = this;
    const kinds: ModuleKind[] = [
      'cjs',
      'esm',
      'cjs',
      'esm',
      ...(hasProgram('tsx') ? ['ts' as const, 'mts' as const] : []),
    ];
    this.#space.fill(MODULES);
    for (const [n, kind] of kinds.entries()) {
      const [name, port] = [`s${n}-${kind}`, await rig.port()];
      const entry = this.#space.serve(name, kind, port);
      this.#lives.push({ name, port, entry, restarts: 0, pid: '', loaded: new Set() });
    }
    const port = await rig.port();
    this.#lives.push({ name: SENTINEL, port, entry: null, restarts: 0, pid: '', loaded: new Set() });
    rig.write(
      SENTINEL_FILE,
      `require('node:http').createServer((_, r) => r.end(String(process.pid))).listen(${port}, '127.0.0.1');\n`,
    );
    this.#space.write();
    if (hasProgram('tsx')) lendPrograms(rig.workspace, ['tsx']);
    const adaptive = this.#chance.often(0.25);
    this.#story.push(adaptive ? 'the quiet period adapts' : `quiet period ${QUIET} ms`);
    rig.configure(Object.fromEntries(this.#lives.map((life) => [life.name, this.#declare(life, adaptive)])));
    await rig.ok('start');
    await this.#learn(this.#lives);
  }

  #declare({ entry, port }: Life, adaptive: boolean): RigService {
    const env = { PATH: pathWith(SERVICE_NODE) };
    if (entry === null) {
      const quiet = adaptive ? SENTINEL_QUIET.adaptive : SENTINEL_QUIET.fixed;
      return { command: [SERVICE_NODE, SENTINEL_FILE], port, env, watch: { quiet } };
    }
    const command = this.#command(entry);
    this.#story.push(command.join(' '));
    return { command, port, env, watch: adaptive ? {} : { quiet: QUIET } };
  }

  #command({ kind, file }: Module): string[] {
    const chance = this.#chance;
    if (kind === 'ts' || kind === 'mts') {
      return chance.often(0.5) ? ['node_modules/.bin/tsx', file] : ['node', '--import', 'tsx', file];
    }
    if (chance.often(0.2)) return ['sh', '-c', `node ${file}; exit $?`];
    return ['node', file];
  }

  /** Requests, by which services load some of what they load later. */
  async #askForMore(): Promise<void> {
    if (!this.#chance.often(0.35)) return;
    const judge = await Judge.of(this.#space.root, this.#space.modules);
    for (const life of this.#chance.some(this.#lives, 3)) {
      if (life.entry === null) continue;
      const later = judge.laterIn(life.entry.file, life.loaded);
      for (const { key, to } of this.#chance.some(later, 2)) {
        this.#story.push(`${life.name} is asked for ${to}`);
        await ask(life.port, key);
        for (const file of judge.loadedBy(to)) life.loaded.add(file);
      }
    }
    // What was only just loaded could not be told apart when it is only touched now.
    await this.rest();
  }

  /** `atOnce`: a busy machine did not stretch the edit so far that it may rightly count as two. */
  async #close(concerned: Set<Life>, changed: readonly string[], atOnce: boolean): Promise<void> {
    const sentinel = this.#lives.find(({ name }) => name === SENTINEL) as Life;
    appendFileSync(this.rig.path(SENTINEL_FILE), `// ${++this.#sentinels}\n`);
    const restarted = new Set([...concerned, sentinel]);
    await this.#until(
      async () => {
        for (const { port, pid } of restarted) {
          const answer = await ask(port);
          if (answer === null || answer === pid) return false;
        }
        return true;
      },
      `other processes of ${names(restarted)}`,
      changed,
    );
    const status = (await this.#until(
      async () => {
        const report = await this.rig.status();
        // What answers may be newer than what is written down.
        const areTold = [...restarted].every((life) => {
          const told = report.services.find(({ name }) => name === life.name);
          return told !== undefined && told.restarts > life.restarts;
        });
        return areTold && report.services.every(({ state }) => state === 'ready') && report;
      },
      'all are ready, and told to have restarted',
      changed,
    )) as StatusReport;
    for (const life of this.#lives) {
      const told = status.services.find(({ name }) => name === life.name);
      const expected = life.restarts + (restarted.has(life) ? 1 : 0);
      const isTwo = !atOnce && told !== undefined && told.restarts > expected;
      if (told === undefined || (told.restarts !== expected && !isTwo)) {
        throw await this.#failure(
          `${life.name} has restarted ${told?.restarts} times, not ${expected}; cause ${JSON.stringify(told?.cause)}`,
          changed,
        );
      }
      if (told.watching.kind !== 'exact')
        throw await this.#failure(`${life.name}: ${JSON.stringify(told.watching)}`, changed);
      if (atOnce && !restarted.has(life) && (await ask(life.port)) !== life.pid) {
        throw await this.#failure(`${life.name} is another process`, changed);
      }
      if (!concerned.has(life)) continue;
      const { cause } = told;
      const files = cause?.kind === 'edit' ? cause.files : [];
      const due = changed.filter((file) => life.loaded.has(file));
      const isPart = !atOnce && files.length > 0 && files.every((file) => due.includes(file));
      if (files.join() !== due.sort().join() && !isPart) {
        throw await this.#failure(`${life.name}: ${JSON.stringify(cause)}, not ${due}`, changed);
      }
    }
    await this.#learn(atOnce ? restarted : this.#lives);
  }

  /** Where there are new runs: which processes they are, and what they have loaded by now. */
  async #learn(lives: Iterable<Life>): Promise<void> {
    const judge = await Judge.of(this.#space.root, this.#space.modules);
    const { services } = await this.rig.status();
    for (const life of lives) {
      life.restarts = services.find(({ name }) => name === life.name)?.restarts ?? 0;
      const pid = (await ask(life.port)) ?? '';
      // The same process has loaded what it had, by requests too.
      if (pid === life.pid) continue;
      life.pid = pid;
      life.loaded = life.entry === null ? new Set() : judge.loadedBy(life.entry.file);
    }
  }

  async #until<T>(
    predicate: () => Promise<T>,
    what: string,
    changed: readonly string[],
  ): Promise<NonNullable<T>> {
    try {
      return await this.rig.eventually(predicate, what, { within: 25_000 });
    } catch (error) {
      throw await this.#failure((error as Error).message, changed);
    }
  }

  async #failure(what: string, changed: readonly string[]): Promise<Error> {
    const loaded = this.#lives.map(
      ({ name, loaded }) => `${name}: ${changed.filter((file) => loaded.has(file))}`,
    );
    return new Error(
      `${what}\n${this.#story.join('\n')}\nchanged: ${changed}\nloaded of these\n  ${loaded.join('\n  ')}\n${await this.rig.diagnosis()}`,
    );
  }
}

const names = (lives: Iterable<Life>): string => [...lives].map(({ name }) => name).join(', ');
