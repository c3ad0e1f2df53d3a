/** All of the doctor's checks, by chapter. */

import { realpathSync } from 'node:fs';
import { readRuns, serviceNames } from '../../api/graph/runs.ts';
import { currentConfig } from '../../client/dist.ts';
import { findRoot } from '../../client/workspace.ts';
import type { ResolvedConfig } from '../../contract/config.ts';
import { UserError } from '../../contract/exit-codes.ts';
import { workspaceId, workspacePaths } from '../../platform/paths.ts';
import { portOwner } from '../../platform/port-owner.ts';
import { systemPorts } from '../../platform/ports.ts';
import { systemProcesses } from '../../platform/proc.ts';
import { findDaemon } from '../../status/find-daemon.ts';
import { readReport } from '../../status/report.ts';
import { forScreen } from '../graph/shown.ts';
import { checkBoot } from './boot.ts';
import { checkDaemon } from './daemon.ts';
import { bad, type Finding, ok } from './finding.ts';
import { checkGit } from './git.ts';
import { checkMachine } from './machine.ts';
import { checkRuntimeFolder, checkWorkspace } from './places.ts';
import { checkReads } from './reads.ts';
import { checkServices, type PortHolder } from './services.ts';
import { thisMachine } from './this-machine.ts';

export interface Chapter {
  title: string;
  findings: Finding[];
}

/** The machine is examined anywhere, the rest where there is a workspace. */
export async function examine(version: string): Promise<Chapter[]> {
  const processes = systemProcesses();
  const machine = checkMachine(thisMachine(processes));
  const root = rootOrFinding();
  if (typeof root !== 'string')
    return [
      { title: 'Machine', findings: [...machine, checkRuntimeFolder(null)] },
      { title: 'Workspace', findings: [root] },
    ];
  const { config, finding } = await readConfig(root);
  return [
    { title: 'Machine', findings: [...machine, checkRuntimeFolder(root)] },
    {
      title: 'Workspace',
      findings: [
        ...checkWorkspace(root),
        finding,
        ...checkGit(root, config?.logDir ?? `${root}/.server-logs`),
      ],
    },
    { title: 'Daemon', findings: [...checkDaemon(root, version, processes), ...checkBoot(root)] },
    ...(config === null
      ? []
      : [
          {
            title: 'Services',
            findings: [...examineServices(root, config), ...(await examineReads(root))],
          },
        ]),
  ];
}

function rootOrFinding(): string | Finding {
  try {
    return findRoot();
  } catch (error) {
    return toFinding(error);
  }
}

async function readConfig(root: string): Promise<{ config: ResolvedConfig | null; finding: Finding }> {
  try {
    const config = await currentConfig(root);
    const count = config.services.length;
    return { config, finding: ok(`${config.file} is good: ${count} service${count === 1 ? '' : 's'}`) };
  } catch (error) {
    return { config: null, finding: toFinding(error) };
  }
}

function toFinding(error: unknown): Finding {
  if (!(error instanceof UserError || (error instanceof Error && error.name === 'UserError'))) throw error;
  const { message, hint } = error as UserError;
  return bad(
    message,
    hint ?? 'Correct it; editors help when "$schema" names the schema that upkeep brings along.',
  );
}

function examineReads(root: string): Promise<Finding[]> {
  const real = realpathSync(root);
  return checkReads(readRuns(real, serviceNames(real)), forScreen(real));
}

/** Where no environment can be read: a shim says in its command line whose it is, a run is known by its number. */
function markByRecords(root: string, pid: number, command: string | null): PortHolder['mark'] {
  const { shims, runs } = workspacePaths(realpathSync(root));
  const [, rest = ''] = (command ?? '').split(`shim.sh ${shims}/`);
  const service =
    rest.split(` ${runs}/`)[0] || readReport(root)?.services.find((each) => each.pid === pid)?.name;
  return service === undefined ? null : { workspace: workspaceId(root), service, root };
}

function examineServices(root: string, config: ResolvedConfig): Finding[] {
  const processes = systemProcesses();
  const ports = systemPorts();
  return checkServices(config, {
    id: workspaceId(root),
    daemonLives: findDaemon(root, processes).kind === 'running',
    searchPath: process.env['PATH'] ?? '',
    holder(port): PortHolder | null {
      const owner = portOwner(port, ports, processes);
      if (owner === null || owner.pid === null) return owner && { pid: null, command: null, mark: null };
      return { ...owner, mark: owner.mark ?? markByRecords(root, owner.pid, owner.command) };
    },
  });
}
