/** The tools: what each is for, what it takes, and how the API carries it out. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { lastLines } from '../api/chosen-lines.ts';
import type { Connection } from '../api/index.ts';
import { lineFilter } from '../api/log-request.ts';
import { isPlain, search } from '../api/search/index.ts';
import { waitWords } from '../api/wait-words.ts';
import { findWorkspace, selectable } from '../client/workspace.ts';
import { FileConcerns } from '../contract/api/loads.ts';
import { WaitReport } from '../contract/api/wait.ts';
import { UserError } from '../contract/exit-codes.ts';
import { mask } from '../contract/mask.ts';
import type { Progress } from '../contract/protocol.ts';
import { selectServices } from '../contract/select.ts';
import { type Told, tellLines, tellOutcomes, tellRuns, tellStatus } from './answers.ts';
import { CommandAnswer, LogsAnswer, StatusAnswer, WhyAnswer } from './schemas.ts';
import { strict } from './strict.ts';
import { withoutUnseen } from './unseen.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const services = z
  .array(z.string())
  .optional()
  .describe('Names, globs (*-server) or groups (@backend) of services; none: all.');
const LOOKS = { readOnlyHint: true, openWorldHint: false } as const;
const ACTS = { readOnlyHint: false, openWorldHint: false } as const;
/** Clients mostly give up after 60 s. */
const WAIT_SECONDS = 45;

export function addTools(server: McpServer, find: () => Promise<Connection>): void {
  server.registerTool(
    'status',
    {
      title: 'What runs',
      description:
        'The development servers of this workspace: state, address, why each was last started, and what is wrong with it. Look here before you start a server by yourself: Upkeep keeps them running.',
      inputSchema: strict({ services }),
      outputSchema: StatusAnswer,
      annotations: LOOKS,
    },
    (input) =>
      answered(async () => {
        const report = await (await find()).status();
        return tellStatus(report, selectServices(input.services ?? [], report.services));
      }),
  );
  server.registerTool(
    'wait_for_edit',
    {
      title: 'Wait until my edit is live',
      description:
        'Call this after you have saved files, before you try the change. Returns when the services that use the files run what is in them, or the error that stopped them, with file, line and code. Servers restart by themselves: never restart them for an edit. Outcome "nobody": no running service uses the files.',
      inputSchema: strict({
        files: z
          .array(z.string())
          .optional()
          .describe('The files that were edited, relative to the workspace; none: whatever has changed.'),
        services,
        timeout_seconds: z.number().min(1).max(600).optional().describe(`Default ${WAIT_SECONDS}.`),
      }),
      outputSchema: WaitReport,
      annotations: LOOKS,
    },
    (input, extra) =>
      answered(async () => {
        const report = await (await find()).wait({
          services: input.services ?? [],
          files: input.files ?? [],
          timeout: (input.timeout_seconds ?? WAIT_SECONDS) * 1000,
          onProgress: progressTo(extra),
          signal: extra.signal,
        });
        return { text: waitWords(report), answer: report };
      }),
  );
  server.registerTool(
    'logs',
    {
      title: 'What services printed',
      description:
        'The last lines that services printed, merged by time. `errors`: errors alone, with their stacks; `since_edit`: since the run that the last edit began.',
      inputSchema: strict({
        services,
        errors: z.boolean().optional(),
        since_edit: z.boolean().optional(),
        since: z.string().optional().describe('10m, 14:02, or an ISO time.'),
        run: z
          .union([z.number().int().min(1), z.literal('last')])
          .optional()
          .describe('What this run printed.'),
        grep: z.string().optional().describe('A regular expression; (?i) in front ignores case.'),
        limit: z.number().int().min(1).max(500).optional().describe('So many last lines. Default 100.'),
      }),
      outputSchema: LogsAnswer,
      annotations: LOOKS,
    },
    (input) =>
      answered(async () => {
        const { workspace } = await find();
        const place = findWorkspace(workspace);
        const { levels, ...filter } = lineFilter(input, Date.now());
        const most = input.limit ?? 100;
        const isWhole = input.errors === true;
        if (input.since_edit === true) filter.run = 'last';
        const choice = {
          filter,
          count: isWhole ? null : most + 1,
          errors: isWhole,
          sinceEdit: input.since_edit === true,
        };
        const chosen = selectServices(input.services ?? [], selectable(place));
        const { lines, cut } =
          input.grep === undefined || isPlain(input.grep)
            ? lastLines(place, chosen, choice, most)
            : await search({
                kind: 'last',
                place: { root: place.root, logDir: place.logDir },
                services: chosen,
                choice,
                most,
              });
        return tellLines(lines, cut);
      }),
  );
  server.registerTool(
    'why',
    {
      title: 'Why it restarted or crashed',
      description:
        'The story of the last runs of one service: causes, crashes with their error, failed edits. Newest first.',
      inputSchema: strict({
        service: z.string(),
        run: z.number().int().optional().describe('Only this run.'),
        limit: z.number().int().min(1).max(20).optional().describe('So many runs. Default 5.'),
      }),
      outputSchema: WhyAnswer,
      annotations: LOOKS,
    },
    (input) =>
      answered(async () => {
        const upkeep = await find();
        const { run, limit = 5 } = input;
        const page = upkeep.runs(input.service, run === undefined ? { limit } : { limit, run });
        return tellRuns(page, run);
      }),
  );
  server.registerTool(
    'concerns',
    {
      title: 'Whom an edit of a file restarts',
      description:
        'Which services use a file, through which imports, and whether an edit of it restarts them.',
      inputSchema: strict({ file: z.string().describe('Relative to the workspace.') }),
      outputSchema: FileConcerns,
      annotations: LOOKS,
    },
    (input) =>
      answered(async () => {
        const answer = await (await find()).concerns(input.file);
        const users = answer.services.map(({ service, effect }) => `${service} (an edit: ${effect})`);
        return { text: users.length === 0 ? `No service uses ${answer.file}.` : users.join('\n'), answer };
      }),
  );
  addCommands(server, find);
}

function addCommands(server: McpServer, find: () => Promise<Connection>): void {
  const input = strict({ services });
  const outputSchema = CommandAnswer;
  server.registerTool(
    'start',
    {
      title: 'Start services',
      description:
        'Starts services and what they need, and returns when they are ready or have failed. What runs already is left alone.',
      inputSchema: input,
      outputSchema,
      annotations: { ...ACTS, destructiveHint: false, idempotentHint: true },
    },
    ({ services: names = [] }, extra) =>
      answered(async () => {
        const upkeep = await find();
        return tellOutcomes(await upkeep.start(names, { onProgress: progressTo(extra) }), upkeep.workspace);
      }),
  );
  server.registerTool(
    'restart',
    {
      title: 'Restart services',
      description:
        'Restarts services. Not needed after an edit: they restart by themselves. `services` must be given; ["*"] means all.',
      inputSchema: strict({ services: z.array(z.string()).min(1) }),
      outputSchema,
      annotations: { ...ACTS, destructiveHint: true },
    },
    ({ services: names }, extra) =>
      answered(async () => {
        const upkeep = await find();
        return tellOutcomes(await upkeep.restart(names, { onProgress: progressTo(extra) }), upkeep.workspace);
      }),
  );
  server.registerTool(
    'stop',
    {
      title: 'Stop services',
      description: 'Stops services until they are started again. `services` must be given; ["*"] means all.',
      inputSchema: strict({ services: z.array(z.string()).min(1) }),
      outputSchema,
      annotations: { ...ACTS, destructiveHint: true, idempotentHint: true },
    },
    ({ services: names }, extra) =>
      answered(async () => {
        const upkeep = await find();
        return tellOutcomes(await upkeep.stop(names, { onProgress: progressTo(extra) }), upkeep.workspace);
      }),
  );
}

/** An expected failure is an answer that says what to do. */
async function answered<T extends Record<string, unknown>>(
  act: () => Promise<Told<T>>,
): Promise<CallToolResult> {
  try {
    const { text, answer } = withoutUnseen(await act());
    return { content: [{ type: 'text', text }], structuredContent: answer };
  } catch (error) {
    const words =
      error instanceof UserError
        ? [error.message, error.hint].filter((part) => part !== null).join('\n')
        : `This is a bug in Upkeep: ${error instanceof Error ? error.message : String(error)}`;
    return { isError: true, content: [{ type: 'text', text: withoutUnseen(mask(words)) }] };
  }
}

/** Tells the client, if it asked for it, each change on the way. */
function progressTo({ _meta, sendNotification }: Extra): (progress: Progress) => void {
  const token = _meta?.progressToken;
  let count = 0;
  return ({ service, state, detail }) => {
    if (token === undefined) return;
    const params = {
      progressToken: token,
      progress: ++count,
      message: `${service}: ${state}${detail === '' ? '' : `, ${detail}`}`,
    };
    // A client that is gone needs no progress.
    sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
