/** Processes that have nothing to do with Upkeep, and look as if they had: nothing may happen to them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAlive, lookUp, type ProcessInfo } from '../../test/rig/processes.ts';
import type { Tally } from '../tally.ts';
import type { Room } from './room.ts';

/** Tells of each signal that reaches it, and lives on. */
const ALERT =
  'for (const s of ["SIGTERM","SIGINT","SIGHUP","SIGCONT"]) process.on(s, () => require("fs").appendFileSync(process.argv[1], s + "\\n")); setInterval(() => {}, 1e6);';

export class Bystanders {
  readonly #children: ChildProcess[];
  readonly #told: string;

  constructor(room: Room) {
    room.atEnd.push(() => this.#end());
    this.#told = `${room.base}/tmp/bystanders`;
    const argv = ['-e', ALERT, this.#told, 'servers/web.cjs'];
    // A server that a person started by hand in the same folder; and one that is a stranger there.
    this.#children = [room.workspace, '/'].map((cwd) =>
      spawn(room.node, argv, { cwd, stdio: 'ignore', env: { PATH: room.env.PATH } }),
    );
  }

  get processes(): ProcessInfo[] {
    return this.#children.flatMap(({ pid }) => lookUp(pid ?? 0) ?? []);
  }

  /** What has happened to them, in words. */
  disturbed(tally: Tally): string[] {
    const dead = this.#children
      .filter(({ pid }) => !isAlive(pid ?? 0))
      .map(({ pid }) => `bystander ${pid} is dead`);
    const told = signalsIn(this.#told);
    const problems = told.length > 0 ? [...dead, `bystanders got ${told.join(', ')}`] : dead;
    tally.disturbed += problems.length;
    return problems;
  }

  #end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

function signalsIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
