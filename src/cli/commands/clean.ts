import { defineCommand } from 'citty';
import { findWorkspace } from '../../client/workspace.ts';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { refuseForeignFolder } from '../../platform/files.ts';
import { workspacePaths } from '../../platform/paths.ts';
import { clean } from '../clean/clean.ts';
import { cleanReport } from '../clean/report.ts';

export default defineCommand({
  meta: {
    name: 'clean',
    description:
      'End processes that earlier runs of this workspace left behind, and remove stale files. What a daemon runs is left alone. It does not ask; --dry-run only shows',
  },
  args: {
    'dry-run': { type: 'boolean', description: 'Show what would be ended and removed, and do nothing' },
    yes: { type: 'boolean', alias: 'y', description: 'Accepted for scripts: it never asks anyway' },
    json: { type: 'boolean', description: 'Print the facts as JSON' },
  },
  async run({ args }) {
    if (args._.length > 0)
      throw new UserError(
        ExitCode.usage,
        `"upkeep clean" takes no names (${args._.join(' ')}): it cleans the workspace.`,
        'To end one service: upkeep stop NAME',
      );
    const workspace = findWorkspace();
    const dry = args['dry-run'] === true;
    refuseForeignFolder(workspacePaths(workspace.root).own);
    const cleaned = await clean(workspace, dry);
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ dryRun: dry, ...cleaned }, null, 2)}\n`
        : cleanReport(workspace.root, cleaned, dry),
    );
  },
});
