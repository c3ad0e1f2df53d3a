import { defineCommand } from 'citty';
import { daemonWithConfig } from '../../client/with-config.ts';
import { findRoot } from '../../client/workspace.ts';
import { wantsColour } from '../logs/screen.ts';
import { namesArg } from '../names-arg.ts';
import { steadyOutput } from '../up/output.ts';
import { runInForeground } from '../up/session.ts';
import { stopRequests } from '../up/stop-requests.ts';

export default defineCommand({
  meta: {
    name: 'up',
    description:
      'Run services (names, globs, groups; all by default, with what they require) in the foreground with their logs. Ctrl-C stops them in order, a second Ctrl-C kills them at once',
  },
  args: {
    names: namesArg,
    timestamps: { type: 'boolean', alias: 't', description: 'The time before each line' },
  },
  async run({ args }) {
    const stops = stopRequests(() => output.close());
    const output = steadyOutput(process.stdout, () => stops.add());
    try {
      const root = findRoot();
      const { config } = await daemonWithConfig(root, args._);
      process.exitCode = await runInForeground({
        root,
        config,
        names: args._,
        output,
        stops,
        colour: wantsColour({ env: process.env, isTTY: process.stdout.isTTY }),
        timestamps: args.timestamps === true,
      });
    } finally {
      stops.undo();
    }
  },
});
