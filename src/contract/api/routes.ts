/** The contract over HTTP: each operation once. The gateway serves this table, the OpenAPI document is made from it. */
import * as z from 'zod/mini';
import { StatusReport } from '../status.ts';
import { CommandResult, RestartCommand, StartCommand, StopCommand } from './commands.ts';
import { ConfigReport } from './config.ts';
import { EventBatch, EventsQuery } from './events.ts';
import { JournalPage, JournalQuery, RunsPage, RunsQuery } from './history.ts';
import { FileConcerns, LoadsOverview, ServiceLoads } from './loads.ts';
import { LogsPage, LogsQuery } from './logs.ts';
import { MetricsReport, UsageQuery, UsageReport } from './metrics.ts';
import { WaitCommand, WaitReport } from './wait.ts';

/** What an error answers. `code` is the exit code that the command line would have: see exit-codes.ts. */
export const ApiError = z.object({
  error: z.object({ message: z.string(), hint: z.nullable(z.string()), code: z.number() }),
});
export type ApiError = z.infer<typeof ApiError>;

const None = z.object({});
const FileQuery = z.object({ file: z.string().check(z.minLength(1)) });

/** `:service` in a path is a service's name. */
export const ROUTES = {
  status: route('get', '/api/status', 'What runs, what does not, and why', None, StatusReport),
  metrics: route('get', '/api/metrics', 'CPU and memory of the last ten minutes', None, MetricsReport),
  config: route('get', '/api/config', 'The configuration, secrets masked', None, ConfigReport),
  journal: route('get', '/api/journal', 'Everything that happened, by the page', JournalQuery, JournalPage),
  runs: route(
    'get',
    '/api/services/:service/runs',
    'The runs of a service, each with its story',
    RunsQuery,
    RunsPage,
  ),
  usage: route(
    'get',
    '/api/services/:service/usage',
    'Its CPU and memory over the day, as far as somebody looked',
    UsageQuery,
    UsageReport,
  ),
  serviceLoads: route(
    'get',
    '/api/services/:service/loads',
    'Which files its run loaded',
    None,
    ServiceLoads,
  ),
  loads: route(
    'get',
    '/api/loads',
    'How much each service loaded, and which files they share',
    None,
    LoadsOverview,
  ),
  concerns: route(
    'get',
    '/api/concerns',
    'Whom an edit of a file restarts, and by which imports',
    FileQuery,
    FileConcerns,
  ),
  logs: route('get', '/api/logs', 'What services printed, by the page', LogsQuery, LogsPage),
  events: route(
    'get',
    '/api/events',
    'The event stream (server-sent events; each one is a batch)',
    EventsQuery,
    EventBatch,
  ),
  start: route('post', '/api/start', 'Start services and what they need', StartCommand, CommandResult),
  stop: route('post', '/api/stop', 'Stop services', StopCommand, CommandResult),
  wait: route(
    'post',
    '/api/wait',
    'Wait until what one has written is what runs, or the error that stopped it',
    WaitCommand,
    WaitReport,
  ),
  restart: route('post', '/api/restart', 'Restart services', RestartCommand, CommandResult),
} as const;
export type Operation = keyof typeof ROUTES;

/** `input`: of the query for `get`, of the JSON body for `post`. */
export interface Route<Input extends z.ZodMiniType, Output extends z.ZodMiniType> {
  method: 'get' | 'post';
  path: string;
  summary: string;
  input: Input;
  output: Output;
}

function route<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  method: 'get' | 'post',
  path: string,
  summary: string,
  input: Input,
  output: Output,
): Route<Input, Output> {
  return { method, path, summary, input, output };
}
