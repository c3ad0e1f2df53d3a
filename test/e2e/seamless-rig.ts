/** A service that is edited, restarted and broken while it is asked: what the tests of seamless restarts share. */
import { expect, onTestFinished } from 'vitest';
import type { EventuallyOptions } from '../rig/eventually.ts';
import { Load, type LoadOptions } from '../rig/load.ts';
import { type Rig, type RigService, testRig } from '../rig/rig.ts';
import { entriesOf, untilState } from './support.ts';

export const FILE = 'servers/web.mjs';

/** A plain server that answers with its version. `before` and `after` are further code of it. */
export function server(version: string, before = '', after = ''): string {
  return `import { createServer } from 'node:http';
${before}
const server = createServer((request, response) => response.end('${version}'));
server.listen(Number(process.env.PORT), process.env.HOST);
${after}
`;
}

export class Web {
  constructor(
    readonly rig: Rig,
    readonly port: number,
    readonly load: Load,
  ) {}

  save(text: string): void {
    this.rig.write(FILE, text);
  }

  /** The load has got this body, and every client gets nothing else any more. */
  async answers(version: string, options: EventuallyOptions = {}): Promise<void> {
    await this.rig.eventually(() => this.load.last === version, `${version} answers`, options);
    const before = counts(this.load);
    await this.rig.eventually(
      () => {
        const now = counts(this.load);
        return (now.get(version) ?? 0) >= (before.get(version) ?? 0) + 8;
      },
      `${version} goes on answering`,
      options,
    );
  }

  /** No older run is on its way out any more, and no newer one on its way. */
  async settled(): Promise<void> {
    await untilState(this.rig, 'web', 'ready');
  }

  /** Ends the load. */
  async expectNoneFailed(): Promise<void> {
    await this.load.stop();
    expect(this.load.failures).toEqual([]);
    expect(this.load.asked).toBeGreaterThan(20);
  }

  /** How often a run took over from one that served. */
  get swaps(): number {
    return entriesOf(this.rig, 'swapped', 'web').length;
  }
}

function counts(load: Load): Map<string, number> {
  return new Map(load.answers);
}

export interface WebOptions {
  readonly service?: Partial<RigService>;
  readonly text?: string;
  readonly others?: Record<string, RigService>;
  readonly load?: LoadOptions;
  /** Writes what its file imports. */
  readonly prepare?: (rig: Rig) => void;
}

/** It is ready and is asked all the time. */
export async function servedWeb({ service, text, others, load, prepare }: WebOptions = {}): Promise<Web> {
  const rig = await testRig();
  const port = await rig.port();
  prepare?.(rig);
  rig.write(FILE, text ?? server('v1'));
  rig.configure({ web: { command: ['node', FILE], port, ...service }, ...others });
  await rig.ok('start');
  await untilState(rig, 'web', 'ready');
  return new Web(rig, port, loadOn(port, load));
}

/** Ended with the test at the latest. */
export function loadOn(port: number, options: LoadOptions = {}): Load {
  const load = new Load(port, options);
  onTestFinished(() => load.stop());
  return load;
}
