/** `upkeep wait`: returns when what one has written is what runs. */

import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { defineCommand } from 'citty';
import { wait } from '../../api/wait.ts';
import { waitSummary, waitWords } from '../../api/wait-words.ts';
import { findRoot } from '../../client/workspace.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import { progressView } from '../progress.ts';
import { editedFiles, timeoutOf } from '../wait/request.ts';

export default defineCommand({
  meta: {
    name: 'wait',
    description: 'Wait until services are ready and run what is on disk, or tell what stopped them',
  },
  args: {
    names: {
      type: 'positional',
      required: false,
      description: 'Names, globs or groups; none: all that are started',
    },
    edit: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Only the services that an edit of this file concerns; may be given several times',
    },
    timeout: { type: 'string', valueHint: 'TIME', description: 'Give up after so long: 30s, 2m (exit 1)' },
    json: { type: 'boolean', description: 'Print the outcome as JSON' },
  },
  async run({ args, rawArgs }) {
    const files = editedFiles(rawArgs).map((file) => resolve(file));
    const timeout = timeoutOf(args.timeout);
    const view = args.json ? null : progressView('wait');
    process.once('SIGINT', () => process.exit(128 + constants.signals.SIGINT));
    const report = await wait(realpathSync(findRoot()), {
      services: args._,
      files,
      ...(timeout !== undefined && { timeout }),
      onProgress: (progress) => view?.show(progress),
    }).finally(() => view?.finish([]));
    if (args.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else {
      process.stdout.write(`${waitWords(report)}\n`);
      const summary = waitSummary(report);
      if (summary !== null) process.stderr.write(`${summary}\n`);
    }
    if (report.outcome === 'failed' || report.outcome === 'timeout') process.exitCode = ExitCode.failed;
  },
});
