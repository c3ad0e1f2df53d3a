/** The services of the fault machine: what each of them is like, and how it is told to Upkeep. */
import { fileURLToPath } from 'node:url';
import type { Service } from '../../src/config/types.ts';

const ACTOR = fileURLToPath(new URL('./actor.cjs', import.meta.url));

/** `orphan`: forked twice, in a session of its own. `clean`: that too, without environment, name and manners. */
export type ChildKind = 'plain' | 'orphan' | 'clean';

export interface Role {
  readonly name: string;
  /** It is asked all the time, and no request may fail. */
  readonly isServed: boolean;
  readonly lines: number;
  /** ms. */
  readonly every: number;
  /** Bytes of each line beside its numbers. */
  readonly filling: number;
  readonly children: readonly ChildKind[];
  /** Ignores SIGTERM. */
  readonly deaf: boolean;
  /** How it stands in the configuration. */
  readonly service: Omit<Service, 'command'>;
}

/** Faults come faster than any person crashes servers: a backoff would only make them wait. */
const RESTART = { delay: 20, maxFailures: 100_000 };
const usual = { isServed: false, lines: 3, every: 25, filling: 60, children: [], deaf: false } as const;

export const CAST: readonly Role[] = [
  {
    ...usual,
    name: 'web',
    isServed: true,
    children: ['plain', 'orphan'],
    service: { restart: RESTART, watch: { quiet: 40 }, standby: true },
  },
  {
    ...usual,
    name: 'api',
    isServed: true,
    service: { mode: 'handoff', restart: RESTART, watch: { quiet: 40 } },
  },
  {
    ...usual,
    name: 'worker',
    lines: 40,
    every: 40,
    service: { mode: 'plain', restart: RESTART, watch: false, logs: { maxSize: '300KB', keep: 1000 } },
  },
  {
    ...usual,
    name: 'family',
    every: 200,
    children: ['plain', 'orphan', 'clean'],
    deaf: true,
    service: { mode: 'plain', restart: RESTART, watch: false, stop: { grace: 150 } },
  },
];

/** The text of its entry file. An edit is the same text with another version. */
export function entryText(role: Role, version: number, truth: string, port: number): string {
  const { name, lines, every, filling, children, deaf } = role;
  const options = { name, version, truth, port, lines, every, filling, children, deaf };
  return `require(${JSON.stringify(ACTOR)}).act(${JSON.stringify(options)});\n`;
}

export function configOf(roles: readonly Role[], ports: ReadonlyMap<string, number>): object {
  const services = roles.map((role) => {
    const port = ports.get(role.name) ?? 0;
    const held = role.service.mode === 'plain' ? { ready: 'started' } : { port };
    return [
      role.name,
      {
        logs: { maxSize: '1000MB' },
        ...held,
        ...role.service,
        command: ['node', `servers/${role.name}.cjs`],
      },
    ];
  });
  return { services: Object.fromEntries(services) };
}
