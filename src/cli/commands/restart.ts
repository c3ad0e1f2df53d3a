import { defineCommand } from 'citty';
import { follow } from '../run-command.ts';
import { daemonWithConfig } from '../with-config.ts';
import { findRoot } from '../workspace.ts';

export default defineCommand({
  meta: {
    name: 'restart',
    description:
      'restart the named services (names, globs, groups; all by default), and return when they are ready again',
  },
  args: {
    wait: {
      type: 'boolean',
      default: true,
      description: 'wait until they are ready',
      negativeDescription: 'return at once',
    },
    json: { type: 'boolean', description: 'print the outcomes as JSON' },
  },
  async run({ args }) {
    const { socket, config } = await daemonWithConfig(findRoot(), args._);
    const { wait, json = false } = args;
    await follow(socket, { method: 'restart', by: 'cli', names: args._, config, wait }, json);
    if (!wait && !json)
      process.stdout.write('Restarting in the background; "upkeep status" shows how it goes.\n');
  },
});
