/** Whether this workspace comes back after a reboot, and what would keep it from that. */
import { existsSync } from 'node:fs';
import { type BootAgent, readAgentFile } from '../../boot/agent.ts';
import type { BootStart } from '../../boot/start.ts';
import { readJson } from '../../platform/files.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { isEnabled, lingers, type Obstacle, obstacle, type Tell } from './supervisor.ts';

export interface BootState extends BootAgent {
  /** Its file is there, and its supervisor knows of it. */
  enabled: boolean;
  /** What its file says; null: there is none. */
  start: BootStart | null;
  /** What is started at the next boot, as the state file has it now. */
  services: string[];
  /** Whether that is so before anybody logs in; null where that is not told. */
  lingers: boolean | null;
  /** While it is not enabled: why it cannot be here; null: it can. */
  obstacle: Obstacle | null;
  /** What would keep it from working, and what to do. */
  problems: Obstacle[];
}

const AGAIN = 'upkeep boot enable';

export function bootState(root: string, agent: BootAgent, tell: Tell): BootState {
  const start = readAgentFile(agent);
  const there = existsSync(agent.file);
  const known = there ? isEnabled(agent, tell) : false;
  return {
    ...agent,
    enabled: there && known !== false,
    start,
    services: wantedServices(root),
    lingers: there ? lingers(agent, tell) : null,
    obstacle: there ? null : obstacle(agent, tell),
    problems: there ? problemsOf(agent, start, known) : [],
  };
}

function problemsOf(
  { kind, file }: BootAgent,
  start: BootStart | null,
  known: boolean | null,
): BootState['problems'] {
  if (start === null) return [{ text: `${file} is not as Upkeep writes it`, mend: AGAIN }];
  const missing = [
    ['Node', start.node],
    ["Upkeep's daemon", start.daemon],
    ["Upkeep's guard", start.guard],
  ].filter(([, path = '']) => !existsSync(path));
  return [
    ...missing.map(([what, path]) => ({
      text: `${what} is recorded as ${path}, which is gone`,
      mend: `${AGAIN} records the ones of today`,
    })),
    ...(known === false ? [{ text: `${kind} does not have it enabled`, mend: AGAIN }] : []),
    ...(known === null
      ? [
          {
            text: `${kind} does not answer, so nothing will start it here`,
            mend: 'Log in as yourself; in a container, have what starts it run "upkeep start"',
          },
        ]
      : []),
  ];
}

/** From the state file, which is the specification's; nothing where it says nothing. */
function wantedServices(root: string): string[] {
  const { servers } = (readJson(workspacePaths(root).state) ?? {}) as { servers?: unknown };
  return Array.isArray(servers) ? servers.filter((name) => typeof name === 'string') : [];
}
