/**
 * The resolved configuration: what the loader makes of a person's file, what the daemon runs by.
 * Everything is absolute, defaulted and valid here; the shapes that a person may write are in `src/config/schema.ts`.
 */
import * as z from 'zod/mini';
import { nameProblem } from './name.ts';

/** How a service tells that it is ready to be used. All times in ms. */
export const ReadyCheck = z.discriminatedUnion('kind', [
  /** Ready once it is running (workers without a port). */
  z.object({ kind: z.literal('started') }),
  /** Ready once a process of the service listens on this TCP port. */
  z.object({ kind: z.literal('port'), port: z.number() }),
  /** Ready once a GET of this url answers with one of these statuses (empty: any 2xx or 3xx). */
  z.object({ kind: z.literal('http'), url: z.string(), status: z.array(z.number()) }),
  /** Ready once a line of its output matches this regular expression. */
  z.object({ kind: z.literal('log'), pattern: z.string(), flags: z.string() }),
  /** Ready once this shell command exits with 0; asked again each `interval` ms. */
  z.object({ kind: z.literal('command'), command: z.string(), interval: z.number() }),
  /** Ready this many ms after its start. */
  z.object({ kind: z.literal('delay'), ms: z.number() }),
]);
export type ReadyCheck = z.infer<typeof ReadyCheck>;

/** What a service waits for before it starts. */
export const Dependency = z.object({
  service: z.string(),
  /** started: it has a process; ready: it answers; completed: it ended with success. */
  condition: z.enum(['started', 'ready', 'completed']),
  /** false: only an order among services that are wanted anyway; true: starting this one starts it too. */
  required: z.boolean(),
  /** true: when it restarts, this one restarts after it. */
  restart: z.boolean(),
});
export type Dependency = z.infer<typeof Dependency>;

/** A command line: argv is run as it is, shell text is run by `sh -c`. */
export const Command = z.union([z.object({ argv: z.array(z.string()) }), z.object({ shell: z.string() })]);
export type Command = z.infer<typeof Command>;

/** How a service is restarted: see `modeOf` in daemon/seamless/mode.ts for the choice where none is written. */
export const Mode = z.enum([
  /** Its port is held; the new run starts beside the old one and takes over when it is ready. */
  'swap',
  /** Its port is held; the old run ends before the new one starts, and connections wait meanwhile. */
  'handoff',
  /** Its port is its own: stopped, then started. */
  'plain',
]);
export type Mode = z.infer<typeof Mode>;

export const ResolvedService = z.object({
  /** Checked here too, whoever sends it: folders and files are named after it. */
  name: z.string().check(z.refine((name) => nameProblem(name) === null)),
  description: z.string(),
  groups: z.array(z.string()),
  command: Command,
  /** Absolute path. */
  cwd: z.string(),
  /** Added to (and over) the daemon's environment; `PORT` is set from `ports[0]` unless given here. */
  env: z.record(z.string(), z.string()),
  /** Absolute paths, read at each start; later ones win, `env` wins over all. */
  envFiles: z.array(z.string()),
  ports: z.array(z.number()),
  url: z.nullable(z.string()),
  /** Null: what fits the command. (An earlier version's copy has none.) */
  mode: z._default(z.nullable(Mode), null),
  /** A process that Node has booted waits to become the next run; `auto`: of what is worked on. (An earlier version's copy has none.) */
  standby: z._default(z.union([z.boolean(), z.literal('auto')]), false),
  ready: ReadyCheck,
  /** How long a start may take before it is reported as not ready, in ms. The process is left running. */
  readyTimeout: z.number(),
  dependsOn: z.array(Dependency),
  restart: z.object({
    policy: z.enum(['always', 'on-failure', 'never']),
    /** A fixed delay before each restart after a crash, in ms; null: at once after a healthy run, else backoff. */
    delay: z.nullable(z.number()),
    /** This many failures within `window` ms park the service as `crashed`. */
    maxFailures: z.number(),
    window: z.number(),
  }),
  stop: z.object({
    signal: z.string(),
    /** ms from the stop signal to SIGKILL. */
    grace: z.number(),
    /** ms that a run that is replaced may go on with what it was answering, before the stop signal. */
    drain: z._default(z.number(), 5000),
  }),
  watch: z.object({
    enabled: z.boolean(),
    /** Globs relative to `cwd` (or absolute), besides the command's own file. */
    include: z.array(z.string()),
    ignore: z.array(z.string()),
    /** Quiet period after the last change before a restart, in ms. */
    /** ms without a further change; null: adapts. */
    quiet: z.nullable(z.number()),
    /** Whether a change of package.json or the lock file restarts the service. */
    packages: z.boolean(),
  }),
  logs: z.object({
    /** Bytes after which the visible log is rotated. */
    maxSize: z.number(),
    /** Number of rotated files kept beside the current one. */
    keep: z.number(),
  }),
});
export type ResolvedService = z.infer<typeof ResolvedService>;

export const ResolvedConfig = z.object({
  /** Absolute path of the workspace folder. */
  workspace: z.string(),
  /** Absolute path of the file that the configuration was read from. */
  file: z.string(),
  /** Every file that takes part (the file itself and what it imports), absolute: watched for changes. */
  sources: z.array(z.string()),
  /** Absolute path of the folder of visible logs. */
  logDir: z.string(),
  services: z.array(ResolvedService),
});
export type ResolvedConfig = z.infer<typeof ResolvedConfig>;

/** What `print-config.cjs` prints, as JSON (src/platform/printed-config.ts). */
export type PrintedConfig = { config: ResolvedConfig } | { error: { message: string; hint: string | null } };
