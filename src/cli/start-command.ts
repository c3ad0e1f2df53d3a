/** `start` and `restart`: the same command but for the word. */
import { defineCommand } from 'citty';
import { insist } from '../client/connection.ts';
import { daemonWithConfig } from '../client/with-config.ts';
import { findRoot } from '../client/workspace.ts';
import { namesArg } from './names-arg.ts';
import { follow } from './run-command.ts';

export function startCommand(method: 'start' | 'restart', description: string) {
  return defineCommand({
    meta: { name: method, description },
    args: {
      names: namesArg,
      wait: {
        type: 'boolean',
        default: true,
        description: 'wait until they are ready',
        negativeDescription: 'return at once',
      },
      json: { type: 'boolean', default: false, description: 'print the outcomes as JSON' },
    },
    async run({ args }) {
      const { wait, json, _: names } = args;
      await insist(async () => {
        const { socket, config } = await daemonWithConfig(findRoot(), names);
        await follow(socket, { method, by: 'cli', names, config, wait }, json);
      });
      if (wait || json) return;
      process.stdout.write(
        `${method === 'start' ? 'Starting' : 'Restarting'} in the background; "upkeep status" shows how it goes.\n`,
      );
    },
  });
}
