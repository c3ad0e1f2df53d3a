/** `upkeep logs`: which logs there are, and what stands in them. Reads files: needs no daemon. */
import { defineCommand } from 'citty';
import { currentConfig } from '../../client/dist.ts';
import { type FoundWorkspace, findWorkspace } from '../../client/workspace.ts';
import { type LogsRequest, logsRequest } from '../logs/request.ts';
import { processScreen } from '../logs/screen.ts';
import { showLogs } from '../logs/show.ts';

export default defineCommand({
  meta: {
    name: 'logs',
    description: 'List the logs, or show the last 50 lines of services, merged by time',
  },
  args: {
    names: {
      type: 'positional',
      required: false,
      description: "Services, by name or glob ('*-server'); none: all, or without options: list the logs",
    },
    lines: {
      type: 'string',
      alias: 'n',
      valueHint: 'N',
      description: 'So many last lines of each service, or "all" (default 50; all with a filter)',
    },
    follow: { type: 'boolean', alias: 'f', description: 'Go on with new lines as they come' },
    since: {
      type: 'string',
      valueHint: 'TIME',
      description: 'Lines from then on: 10m, 1h30m, 14:02, 2026-11-23T10:00',
    },
    until: { type: 'string', valueHint: 'TIME', description: 'Lines up to then' },
    grep: { type: 'string', valueHint: 'REGEX', description: 'Lines that match' },
    run: { type: 'string', valueHint: 'N', description: 'Lines of this run' },
    'since-restart': { type: 'boolean', description: 'Lines of the current (or last) run' },
    'since-edit': {
      type: 'boolean',
      description: 'Lines of the run that the last edit began, and later ones',
    },
    errors: { type: 'boolean', alias: 'e', description: 'Only errors, each with its stack; -n counts them' },
    timestamps: { type: 'boolean', alias: 't', description: 'The time before each line' },
    json: { type: 'boolean', description: 'One JSON object a line: {service, run, time, line}' },
  },
  async run({ args }) {
    const now = Date.now();
    const cwd = process.cwd();
    const request = logsRequest(
      {
        names: args._,
        lines: args.lines,
        follow: args.follow,
        since: args.since,
        until: args.until,
        grep: args.grep,
        run: args.run,
        sinceRestart: args['since-restart'],
        sinceEdit: args['since-edit'],
        errors: args.errors,
        timestamps: args.timestamps,
        json: args.json,
      },
      now,
    );
    await showLogs(request, await knowing(request, findWorkspace(cwd)), processScreen(), { cwd, now });
  },
});

/** A service that is only configured has run nothing yet, and its name is right all the same. */
async function knowing({ names, lists }: LogsRequest, workspace: FoundWorkspace): Promise<FoundWorkspace> {
  const isKnown = names.length > 0 && names.every((name) => workspace.serviceNames.includes(name));
  if (lists || isKnown) return workspace;
  const config = await currentConfig(workspace.root).catch(() => null);
  const groups = new Map(workspace.groups);
  for (const service of config?.services ?? [])
    if (!groups.has(service.name)) groups.set(service.name, service.groups);
  return { ...workspace, groups, serviceNames: [...new Set([...workspace.serviceNames, ...groups.keys()])] };
}
