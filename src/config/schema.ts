/**
 * The one schema of what a person writes. The JSON Schema and the table of docs/configuration.md are
 * generated from it, and the types of `types.ts` are checked against it at the end of this file.
 */
import * as z from 'zod';
import { DEFAULTS } from './defaults.ts';
import type { Config } from './types.ts';
import { DURATION, SIZE } from './units.ts';

/** Timers of Node hold 2^31-1 ms at most. */
const MAX_MS = 2 ** 31 - 1;

const durationError = 'expected ms as a number, or a text like "500ms", "2s" or "1m"';
const sizeError = 'expected bytes as a number, or a text like "500KB" or "10MB"';

const duration = z
  .union([z.number().min(0).max(MAX_MS), z.string().regex(DURATION, { error: durationError })], {
    error: durationError,
  })
  .meta({ id: 'Duration' });
const size = z
  .union([z.number().int().min(1), z.string().regex(SIZE, { error: sizeError })], { error: sizeError })
  .meta({ id: 'Size' });
const portError = 'expected a whole number from 1 to 65535';
const port = z
  .number({ error: portError })
  .int({ error: portError })
  .min(1, { error: portError })
  .max(65535, { error: portError });
const text = z.string().min(1);
const texts = z.array(text);
const textOrTexts = z.union([text, texts], { error: 'expected a text or a list of texts' });

const ready = z.strictObject({
  port: port.optional().describe('Ready once a process of the service listens on this TCP port.'),
  http: text.optional().describe("Ready once a GET of this path (on the service's port) or url answers."),
  status: z
    .union([z.number().int().min(100).max(599), z.array(z.number().int().min(100).max(599)).min(1)])
    .optional()
    .describe('Statuses that count for `http`; any 2xx or 3xx by default.'),
  log: z
    .union([text, z.instanceof(RegExp)], { error: 'expected a regular expression' })
    .optional()
    .describe(
      'Ready once a line of its output matches this regular expression (text, `/text/i`, or a RegExp).',
    ),
  command: text.optional().describe('Ready once this shell command exits with 0.'),
  interval: duration
    .optional()
    .describe('How often `command` is asked.')
    .meta({ default: DEFAULTS.readyInterval }),
  delay: duration.optional().describe('Ready this long after its start.'),
  timeout: duration
    .optional()
    .describe('How long a start may take before it is reported as not ready; the process is left running.')
    .meta({ default: DEFAULTS.readyTimeout }),
});

const dependency = z.strictObject({
  condition: z
    .enum(['started', 'ready', 'completed'])
    .optional()
    .describe('What to wait for: that it has a process, that it answers, or that it ended with success.')
    .meta({ default: 'ready' }),
  required: z
    .boolean()
    .optional()
    .describe(
      '`false`: only an order among services that are wanted anyway; `true`: starting this one starts it too.',
    )
    .meta({ default: true }),
  restart: z
    .boolean()
    .optional()
    .describe('`true`: when it restarts, this one restarts after it.')
    .meta({ default: false }),
});
const namedDependency = dependency.extend({ service: text.describe('The service to wait for.') });

const restart = z.strictObject({
  policy: z
    .enum(['always', 'on-failure', 'never'])
    .optional()
    .describe('When a run that ended by itself is started again.')
    .meta({ default: DEFAULTS.restart.policy }),
  delay: duration
    .optional()
    .describe(
      'A fixed delay before each restart after a crash; without it at once after a healthy run, else a growing backoff.',
    ),
  maxFailures: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('This many failures within `window` park the service as crashed.')
    .meta({ default: DEFAULTS.restart.maxFailures }),
  window: duration
    .optional()
    .describe('The time in which failures are counted.')
    .meta({ default: DEFAULTS.restart.window }),
});

const stop = z.strictObject({
  signal: text.optional().describe('The signal that asks it to end.').meta({ default: DEFAULTS.stop.signal }),
  grace: duration
    .optional()
    .describe('How long it may take to end before it is killed.')
    .meta({ default: DEFAULTS.stop.grace }),
  drain: duration
    .optional()
    .describe(
      'How long a run that is replaced may go on with what it was answering, before it is asked to end.',
    )
    .meta({ default: DEFAULTS.stop.drain }),
});

const watch = z.strictObject({
  include: texts.optional().describe("Globs of files to watch besides the command's own, relative to `cwd`."),
  ignore: texts.optional().describe('Globs of files whose changes do not matter, relative to `cwd`.'),
  quiet: duration
    .optional()
    .describe(
      'Quiet period after the last change before the restart. Without it 100 ms, and 500 ms while restarts follow each other.',
    ),
  packages: z
    .boolean()
    .optional()
    .describe('Restart when package.json or the lock file changes; otherwise status tells of it.')
    .meta({ default: false }),
});

const logs = z.strictObject({
  maxSize: size
    .optional()
    .describe('Size after which the log is rotated.')
    .meta({ default: DEFAULTS.logs.maxSize }),
  keep: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Number of rotated files kept beside the current one.')
    .meta({ default: DEFAULTS.logs.keep }),
});

const shared = z.strictObject({
  command: z
    .union([text, texts.min(1)], { error: 'expected a command line, or a list of program and arguments' })
    .optional()
    .describe(
      'What to run: a command line (a shell is used only when it needs one), or program and arguments.',
    ),
  cwd: text.optional().describe('Working folder, relative to the workspace.'),
  env: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' }),
    )
    .optional()
    .describe('Environment variables; they win over those of `envFile`.'),
  envFile: textOrTexts
    .optional()
    .describe('Dotenv files, relative to `cwd`, read at each start; later ones win.'),
  url: z
    .union([text, z.literal(false)], { error: 'expected a url, a path, or false' })
    .optional()
    .describe("Address shown to people: a url, a path on the service's port, or `false` for none."),
  mode: z
    .enum(['swap', 'handoff', 'plain'])
    .optional()
    .describe(
      'How it is restarted: `swap` (the new run takes the port over when it is ready), `handoff` (the port is held, the old run ends first), `plain` (stopped, then started). By itself: `swap` for a Node program with a port (`handoff` for Vite, Next.js and their kind), else `plain`.',
    ),
  standby: z
    .literal([true, false, 'auto'])
    .optional()
    .describe(
      'Keeps the process of the next run waiting, booted by Node up to the first line of the program, so that a restart is over sooner: `true` always, `auto` for ten minutes after a restart and for three services at most, `false` never. Node programs only; it takes about 40 MB.',
    )
    .meta({ default: 'auto' }),
  ready: z
    .union([z.enum(['port', 'started']), ready], {
      error: 'expected "port", "started", or an object with port, http, log, command or delay',
    })
    .optional()
    .describe('How it tells that it is ready to be used.'),
  dependsOn: z
    .union(
      [
        z.array(
          z.union([text, namedDependency], {
            error: 'expected the name of a service, or an object with `service`',
          }),
        ),
        z.record(z.string(), dependency),
      ],
      { error: 'expected a list of services, or an object with one key for each service' },
    )
    .optional()
    .describe('Services that it waits for before it starts.'),
  restart: z
    .union([z.enum(['always', 'on-failure', 'never']), restart], {
      error: 'expected "always", "on-failure", "never", or an object',
    })
    .optional()
    .describe('What happens when it ends by itself.')
    .meta({ default: DEFAULTS.restart.policy }),
  stop: stop.optional().describe('How it is asked to end.'),
  watch: z
    .union([z.boolean(), texts, watch], {
      error: 'expected false, a list of globs, or an object with include, ignore, quiet or packages',
    })
    .optional()
    .describe('Files whose change restarts it: `false` for none, globs (as `include`), or details.'),
  group: textOrTexts.optional().describe('Group or groups it belongs to, to be started or stopped together.'),
  description: z
    .string()
    .optional()
    .describe('One line about it, shown on the dashboard and by `status --json`.'),
  logs: logs.optional().describe('Rotation of its log.'),
});

const service = shared.extend({
  port: port.optional().describe('The TCP port it listens on; it is told through `PORT`.'),
  ports: z
    .array(port)
    .optional()
    .describe('The TCP ports it listens on; the first one is told through `PORT`.'),
});

export const ConfigSchema = z.strictObject({
  $schema: z.string().optional().describe('Address of the JSON Schema, for editors.'),
  logDir: text
    .optional()
    .describe('Folder of the log files, relative to the workspace.')
    .meta({ default: DEFAULTS.logDir }),
  defaults: shared.optional().describe('Settings for every service that does not say otherwise.'),
  services: z
    .record(
      z.string(),
      z.union([text, service], { error: 'expected a command line, or an object with `command`' }),
    )
    .describe('The services by name: a command line, or its settings.'),
});

export type WrittenConfig = z.infer<typeof ConfigSchema>;

/** Fails to compile when the types that a person sees and the schema part ways. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies Same<WrittenConfig, Config>;
