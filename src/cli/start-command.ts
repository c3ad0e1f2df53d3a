/** `start` and `restart`: the same command but for the word. */
import { defineCommand } from 'citty';
import { insist } from '../client/connection.ts';
import { daemonWithConfig } from '../client/with-config.ts';
import { findRoot } from '../client/workspace.ts';
import { namesArg } from './names-arg.ts';
import { follow } from './run-command.ts';

const HARD = {
  type: 'boolean',
  default: false,
  description:
    'stop each before it is started again, also where the new run could take over from the old one',
} as const;

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
      ...(method === 'restart' && { hard: HARD }),
      json: { type: 'boolean', default: false, description: 'print the outcomes as JSON' },
    },
    async run({ args }) {
      const { wait, json, _: names } = args;
      const hard = method === 'restart' ? { hard: 'hard' in args && args.hard === true } : {};
      await insist(async () => {
        const { socket, config } = await daemonWithConfig(findRoot(), names);
        await follow(socket, { method, by: 'cli', names, config, wait, ...hard }, json);
      });
      if (wait || json) return;
      process.stdout.write(
        `${method === 'start' ? 'Starting' : 'Restarting'} in the background; "upkeep status" shows how it goes.\n`,
      );
    },
  });
}
