/** `upkeep boot`: has the machine's own supervisor bring back what was wanted, after a reboot. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineCommand } from 'citty';
import { agentFile, type BootAgent, bootAgent, enablingLink } from '../../boot/agent.ts';
import { standBy } from '../../boot/standby.ts';
import { findReadableRoot } from '../../client/workspace.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { nearest } from '../../contract/nearest.ts';
import { errorMessage, writeAtomic } from '../../platform/files.ts';
import { systemProcesses } from '../../platform/proc.ts';
import { findDaemon } from '../../status/find-daemon.ts';
import { ask, canAsk } from '../ask.ts';
import { currentStart } from '../boot/current-start.ts';
import { bootState } from '../boot/state.ts';
import { enable, forget, lingers, requireSupervisor, tell } from '../boot/supervisor.ts';
import { lingerLines, planText, stateText } from '../boot/words.ts';

const ACTIONS = ['enable', 'disable', 'status'] as const;
type Action = (typeof ACTIONS)[number];

export default defineCommand({
  meta: {
    name: 'boot',
    description:
      'have services that were running started again after a reboot. ACTION is enable, disable or status. Exit 1 when that cannot be had, or would not work',
  },
  args: {
    action: { type: 'positional', required: false, description: 'enable, disable or status (the default)' },
    yes: { type: 'boolean', alias: 'y', description: 'enable without asking' },
    json: { type: 'boolean', description: 'print the state as JSON' },
  },
  async run({ args }) {
    const action = actionOf(args._);
    const root = findReadableRoot();
    const agent = bootAgent(root);
    if (action === 'enable' && !(await enableBoot(root, agent, args.yes === true, args.json === true)))
      return;
    if (action === 'disable') disableBoot(agent, args.json === true);
    if (action !== 'status' && !args.json) return;
    const state = bootState(root, agent, tell);
    process.stdout.write(args.json ? `${JSON.stringify(state, null, 2)}\n` : stateText(state));
    if (state.problems.length > 0) process.exitCode = ExitCode.failed;
  },
});

function actionOf(words: string[]): Action {
  const [word = 'status', ...rest] = words;
  const action = ACTIONS.find((each) => each === word);
  if (action !== undefined && rest.length === 0) return action;
  const wrong = action === undefined ? word : (rest[0] ?? '');
  const near = action === undefined ? nearest(wrong, ACTIONS) : null;
  throw new UserError(
    ExitCode.usage,
    `"upkeep boot" cannot be followed by "${wrong}".`,
    near === null ? `One of: ${ACTIONS.join(', ')}.` : `Did you mean "${near}"?`,
  );
}

/** False when the person did not want it. */
async function enableBoot(root: string, agent: BootAgent, yes: boolean, json: boolean): Promise<boolean> {
  requireSupervisor(agent, tell);
  const text = agentFile(agent, currentStart(root));
  if (!json) process.stdout.write(`${planText(agent, text, existsSync(agent.file))}\n`);
  if (!yes && (json || !canAsk()))
    throw new UserError(
      ExitCode.usage,
      'Nothing was written: there is nobody to ask.',
      'Add --yes to write.',
    );
  if (!yes && !(await ask('\nDo this? [y/N] '))) {
    process.stdout.write('Nothing was written.\n');
    process.exitCode = ExitCode.failed;
    return false;
  }
  write(agent.file, text);
  enable(agent, tell);
  if (findDaemon(root, systemProcesses()).kind === 'running') standBy(root);
  if (!json)
    process.stdout.write(
      `\nDone. After a reboot, the services that were running are started again:\n${lingerLines({ ...agent, lingers: lingers(agent, tell) }).join('\n')}\n`,
    );
  return true;
}

function disableBoot(agent: BootAgent, json: boolean): void {
  const said = (text: string) => {
    if (!json) process.stdout.write(text);
  };
  if (!existsSync(agent.file)) return said('Boot is not enabled.\n');
  // By hand: that works in a container too, where systemd does not answer.
  for (const file of [enablingLink(agent), agent.file]) if (file !== null) rmSync(file, { force: true });
  forget(agent, tell);
  said(`Removed ${agent.file}. After a reboot, nothing starts by itself. What runs goes on.\n`);
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeAtomic(file, text);
  } catch (error) {
    throw new UserError(
      ExitCode.failed,
      `${file} cannot be written: ${errorMessage(error)}`,
      'Does the folder belong to you?',
    );
  }
}
