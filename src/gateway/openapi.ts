/** The OpenAPI document, made from the contract: https://spec.openapis.org/oas/v3.1.0 */
import * as z from 'zod/mini';
import { CommandResult } from '../contract/api/commands.ts';
import { ConfigReport } from '../contract/api/config.ts';
import { ApiEvent, EventBatch } from '../contract/api/events.ts';
import { CrashLoop, JournalPage, Run, RunsPage } from '../contract/api/history.ts';
import { FileConcerns, LoadsOverview, ServiceLoads } from '../contract/api/loads.ts';
import { ApiLine, Level, LogsPage } from '../contract/api/logs.ts';
import { MetricsReport, MetricsSample, UsagePoint, UsageReport } from '../contract/api/metrics.ts';
import { Problem } from '../contract/api/problem.ts';
import { ApiError, ROUTES } from '../contract/api/routes.ts';
import { WaitReport } from '../contract/api/wait.ts';
import { ResolvedService } from '../contract/config.ts';
import { Cause, ErrorMark, Exit, ParkReason } from '../contract/facts.ts';
import { JournalEntry } from '../contract/journal.ts';
import { Outcome } from '../contract/protocol.ts';
import { ServiceStatus, StatusReport } from '../contract/status.ts';

type Json = Record<string, unknown>;

/** What has a name of its own in the document. */
const NAMED = {
  ...{ ApiError, ApiEvent, ApiLine, Cause, CommandResult, ConfigReport, CrashLoop, ErrorMark },
  ...{ EventBatch, Exit, FileConcerns, Problem, UsagePoint, UsageReport, WaitReport },
  ...{ JournalEntry, JournalPage, Level, LoadsOverview, LogsPage, MetricsReport, MetricsSample, Outcome },
  ...{ ParkReason, ResolvedService, Run, RunsPage, ServiceLoads, ServiceStatus, StatusReport },
};
const PREFIX = '#/components/schemas/';

export function openApi(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Upkeep',
      version,
      description:
        'What runs in a workspace, what it printed, and why. Served on 127.0.0.1 by the process that "upkeep open" starts; the token is in .upkeep/gateway.token.',
    },
    security: [{ token: [] }],
    paths: paths(),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: namedSchemas(),
    },
  };
}

function namedSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, each] of Object.entries(NAMED)) registry.add(each, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: (id) => `${PREFIX}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...rest }]) => [id, rest]),
  );
}

function paths(): Json {
  const found: Record<string, Json> = {};
  for (const [name, { method, path, summary, input, output }] of Object.entries(ROUTES)) {
    const isStream = output === EventBatch;
    const answer = { [isStream ? 'text/event-stream' : 'application/json']: { schema: reference(output) } };
    const takes = z.toJSONSchema(input, { io: 'input' }) as Json;
    const { $schema: _, ...body } = takes;
    const key = path.replace(/:(\w+)/g, '{$1}');
    found[key] = {
      ...found[key],
      [method]: {
        operationId: name,
        summary,
        parameters: [...pathParameters(path), ...(method === 'get' ? queryParameters(takes) : [])],
        ...(method === 'post' && {
          requestBody: {
            content: { 'application/json': { schema: body } },
            required: Array.isArray(takes['required']) && takes['required'].length > 0,
          },
        }),
        responses: {
          200: {
            description: isStream ? 'Each event is one batch; its id is the cursor.' : 'Done.',
            content: answer,
          },
          default: {
            description: 'Refused.',
            content: { 'application/json': { schema: reference(ApiError) } },
          },
        },
      },
    };
  }
  return found;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ properties, required }: Json): Json[] {
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries((properties ?? {}) as Json).map(([name, schema]) => ({
    name,
    in: 'query',
    required: needed.has(name),
    schema,
  }));
}

function reference(output: z.ZodMiniType): Json {
  const [name] = Object.entries(NAMED).find(([, each]) => each === output) ?? [];
  if (name === undefined) throw new Error('an answer of the contract has no name in the OpenAPI document');
  return { $ref: `${PREFIX}${name}` };
}
