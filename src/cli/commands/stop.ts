import { defineCommand } from 'citty';
import { existingDaemon, insist } from '../../client/connection.ts';
import { currentConfig } from '../../client/dist.ts';
import { dismissGateway } from '../../client/gateway.ts';
import { findRoot } from '../../client/workspace.ts';
import { selectServices } from '../../contract/select.ts';
import { namesArg } from '../names-arg.ts';
import { follow } from '../run-command.ts';

export default defineCommand({
  meta: {
    name: 'stop',
    description:
      'stop the named services (names, globs, groups), or all, and then the daemon too. Returns when every process is gone. A second stop kills at once',
  },
  args: {
    names: namesArg,
    wait: {
      type: 'boolean',
      default: true,
      description: 'wait until they have stopped',
      negativeDescription: 'return at once',
    },
    json: { type: 'boolean', description: 'print the outcomes as JSON' },
  },
  async run({ args }) {
    const root = findRoot();
    const { wait, json = false } = args;
    // All is to be quiet here, unless somebody has the dashboard open.
    if (args._.length === 0) dismissGateway(root);
    await insist(async () => {
      const socket = await existingDaemon(root);
      if (socket === null) return nothingRuns(root, args._, json);
      const { daemonEnds } = await follow(socket, { method: 'stop', by: 'cli', names: args._, wait }, json);
      if (daemonEnds && !json) process.stdout.write('Nothing is left to run; the daemon has ended.\n');
    });
  },
});

/** No daemon, so what was asked for is true; a wrong name is a mistake all the same. */
async function nothingRuns(root: string, names: string[], json: boolean): Promise<void> {
  if (names.length > 0) selectServices(names, (await currentConfig(root)).services);
  process.stdout.write(
    json ? `${JSON.stringify({ outcomes: [], daemonEnds: false }, null, 2)}\n` : 'Nothing runs here.\n',
  );
}
