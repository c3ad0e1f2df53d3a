/** One framework under Upkeep, asked all the time: edited, broken, mended, restarted, killed. */
import { loadOn, Web } from '../e2e/seamless-rig.ts';
import { entriesOf, untilState } from '../e2e/support.ts';
import { lookUp, type ProcessInfo, signalExactly } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';
import { answerIn, type Framework } from './framework.ts';

export interface Count {
  readonly asked: number;
  readonly failed: number;
}

export interface Outcome {
  readonly mode: string;
  /** Why its port is not held; null: it is. */
  readonly unheld: string | null;
  /** Edits, each seen to answer. */
  readonly edits: Count;
  /** Restarts by the edits. */
  readonly restarts: number;
  /** A broken edit: whether the run before went on alone; null: it shows its mistakes itself. */
  readonly broken: (Count & { readonly goesOn: boolean }) | null;
  readonly restart: Count;
  readonly crash: Count;
  /** Restarts that were handed off, and why. */
  readonly handedOff: readonly string[];
  /** What failed, in words, without the crash. */
  readonly failures: readonly string[];
}

const EDITS = 3;
/** What is asked before the first edit of a server that watches its files: it begins to do so after it has answered. */
const WARM = 60;
/** ms that a build may take on a busy machine. */
const PATIENCE = { within: 60_000 };

/** `env`: for the service alone. */
export async function tryOut(rig: Rig, framework: Framework, env: Record<string, string>): Promise<Outcome> {
  const trial = await Trial.start(rig, framework, env);
  if (framework.ownReload) {
    await rig.eventually(() => trial.web.load.asked >= WARM, 'it is asked', PATIENCE);
  }
  const { mode, unheld } = await rig.service('web');
  const edits = await trial.count(() => trial.edit(EDITS));
  const { restarts } = await rig.service('web');
  const broken = framework.ownReload ? null : await trial.breakAndMend();
  const restart = await trial.count(() => trial.restart());
  const failures = [...new Set(trial.web.load.failures.map(({ what }) => what))];
  const crash = await trial.count(() => trial.crash());
  await trial.web.load.stop();
  const handedOff = entriesOf(rig, 'handed-off', 'web').map(({ why }) => why.kind);
  return { mode, unheld, edits, restarts, broken, restart, crash, handedOff, failures };
}

class Trial {
  #version = 1;
  readonly #framework: Framework;
  readonly web: Web;

  private constructor(framework: Framework, web: Web) {
    this.#framework = framework;
    this.web = web;
  }

  static async start(rig: Rig, framework: Framework, env: Record<string, string>): Promise<Trial> {
    const port = await rig.port();
    for (const [file, text] of Object.entries(framework.files('answer-1', port))) rig.write(file, text);
    const { service = {}, command } = framework;
    const written = { command: command(port), port, watch: { quiet: 50 }, ...service };
    rig.configure({ web: { ...written, env: { ...service.env, ...env } } });
    await rig.ok('start');
    await untilState(rig, 'web', 'ready');
    return new Trial(framework, new Web(rig, port, loadOn(port, { read: answerIn, ...framework.load })));
  }

  async count(act: () => Promise<void>): Promise<Count> {
    const { load } = this.web;
    const { asked, failures } = load;
    const failed = failures.length;
    await act();
    return { asked: load.asked - asked, failed: load.failures.length - failed };
  }

  async edit(times: number): Promise<void> {
    for (let edit = 0; edit < times; edit++) {
      this.#save();
      await this.#answers();
    }
    await this.web.settled();
  }

  async breakAndMend(): Promise<Count & { goesOn: boolean }> {
    const { rig, load } = this.web;
    const { edited, broken } = this.#framework;
    const before = new Set(load.answers.keys());
    let goesOn = false;
    const count = await this.count(async () => {
      rig.write(edited, broken ?? `${rig.read(edited)}\nconst = 3;\n`);
      await rig.eventually(async () => (await rig.service('web')).editFailed, 'the failed edit', PATIENCE);
      const { asked } = load;
      await rig.eventually(() => load.asked > asked + 10, 'it is asked');
      goesOn = [...load.answers.keys()].every((answer) => before.has(answer));
      await this.edit(1);
    });
    return { ...count, goesOn };
  }

  async restart(): Promise<void> {
    await this.web.rig.ok('restart', 'web');
    await this.#answers();
    await this.web.settled();
  }

  /** SIGKILL to what the command started. */
  async crash(): Promise<void> {
    const { rig } = this.web;
    const { pid, run } = await rig.service('web');
    signalExactly(lookUp(pid ?? 0) as ProcessInfo, 'SIGKILL');
    await rig.eventually(async () => (await rig.service('web')).run !== run, 'another run', PATIENCE);
    await untilState(rig, 'web', 'ready');
    await this.#answers();
  }

  #save(): void {
    const { rig, port } = this.web;
    this.#version++;
    const { [this.#framework.edited]: text = '' } = this.#framework.files(`answer-${this.#version}`, port);
    rig.write(this.#framework.edited, text);
  }

  #answers(): Promise<void> {
    return this.web.answers(`answer-${this.#version}`, PATIENCE);
  }
}
