/** What a person writes. `schema.ts` checks values against the same shape, and the compiler checks that the two agree. */

/** ms as a number, or a text like `500ms`, `2s`, `1.5m`. */
export type Duration = number | string;
/** Bytes as a number, or a text like `500KB`, `10MB`. */
export type Size = number | string;

export interface ReadyOptions {
  /** Ready once a process of the service listens on this TCP port. */
  port?: number | undefined;
  /** Ready once a GET of this path (on the service's port) or url answers. */
  http?: string | undefined;
  /** Statuses that count for `http`; any 2xx or 3xx by default. */
  status?: number | number[] | undefined;
  /** Ready once a line of its output matches this regular expression (text, `/text/i`, or a RegExp). */
  log?: string | RegExp | undefined;
  /** Ready once this shell command exits with 0. */
  command?: string | undefined;
  /** How often `command` is asked. */
  interval?: Duration | undefined;
  /** Ready this long after its start. */
  delay?: Duration | undefined;
  /** How long a start may take before it is reported as not ready; the process is left running. */
  timeout?: Duration | undefined;
}

export interface DependencyOptions {
  /** What to wait for: that it has a process, that it answers, or that it ended with success. */
  condition?: 'started' | 'ready' | 'completed' | undefined;
  /** `false`: only an order among services that are wanted anyway; `true`: starting this one starts it too. */
  required?: boolean | undefined;
  /** `true`: when it restarts, this one restarts after it. */
  restart?: boolean | undefined;
}

export interface NamedDependency extends DependencyOptions {
  /** The service to wait for. */
  service: string;
}

export type Mode = 'swap' | 'handoff' | 'plain';

export type RestartPolicy = 'always' | 'on-failure' | 'never';

export interface RestartOptions {
  /** When a run that ended by itself is started again. */
  policy?: RestartPolicy | undefined;
  /** A fixed delay before each restart after a crash; without it at once after a healthy run, else a growing backoff. */
  delay?: Duration | undefined;
  /** This many failures within `window` park the service as crashed. */
  maxFailures?: number | undefined;
  /** The time in which failures are counted. */
  window?: Duration | undefined;
}

export interface StopOptions {
  /** The signal that asks it to end. */
  signal?: string | undefined;
  /** How long it may take to end before it is killed. */
  grace?: Duration | undefined;
  /** How long a run that is replaced may go on with what it was answering, before it is asked to end. */
  drain?: Duration | undefined;
}

export interface WatchOptions {
  /** Globs of files to watch besides the command's own, relative to `cwd`. */
  include?: string[] | undefined;
  /** Globs of files whose changes do not matter, relative to `cwd`. */
  ignore?: string[] | undefined;
  /** Quiet period after the last change before the restart. Without it 100 ms, and 500 ms while restarts follow each other. */
  quiet?: Duration | undefined;
  /** Restart when package.json or the lock file changes; otherwise status tells of it. */
  packages?: boolean | undefined;
}

export interface LogOptions {
  /** Size after which the log is rotated. */
  maxSize?: Size | undefined;
  /** Number of rotated files kept beside the current one. */
  keep?: number | undefined;
}

export interface SharedOptions {
  /** What to run: a command line (a shell is used only when it needs one), or program and arguments. */
  command?: string | string[] | undefined;
  /** Working folder, relative to the workspace. */
  cwd?: string | undefined;
  /** Environment variables; they win over those of `envFile`. */
  env?: Record<string, string | number | boolean> | undefined;
  /** Dotenv files, relative to `cwd`, read at each start; later ones win. */
  envFile?: string | string[] | undefined;
  /** Address shown to people: a url, a path on the service's port, or `false` for none. */
  url?: string | false | undefined;
  /** How it is restarted: `swap` (the new run takes the port over when it is ready), `handoff` (the port is held, the old run ends first), `plain` (stopped, then started). By itself: `swap` for a Node program with a port (`handoff` for Vite, Next.js and their kind), else `plain`. */
  mode?: Mode | undefined;
  /** Keeps the process of the next run waiting, booted by Node up to the first line of the program, so that a restart is over sooner: `true` always, `auto` for ten minutes after a restart and for three services at most, `false` never. Node programs only; it takes about 40 MB. */
  standby?: boolean | 'auto' | undefined;
  /** How it tells that it is ready to be used. */
  ready?: 'port' | 'started' | ReadyOptions | undefined;
  /** Services that it waits for before it starts. */
  dependsOn?: (string | NamedDependency)[] | Record<string, DependencyOptions> | undefined;
  /** What happens when it ends by itself. */
  restart?: RestartPolicy | RestartOptions | undefined;
  /** How it is asked to end. */
  stop?: StopOptions | undefined;
  /** Files whose change restarts it: `false` for none, globs (as `include`), or details. */
  watch?: boolean | string[] | WatchOptions | undefined;
  /** Group or groups it belongs to, to be started or stopped together. */
  group?: string | string[] | undefined;
  /** One line about it, shown on the dashboard and by `status --json`. */
  description?: string | undefined;
  /** Rotation of its log. */
  logs?: LogOptions | undefined;
}

export interface Service extends SharedOptions {
  /** The TCP port it listens on; it is told through `PORT`. */
  port?: number | undefined;
  /** The TCP ports it listens on; the first one is told through `PORT`. */
  ports?: number[] | undefined;
}

export interface Config {
  /** Address of the JSON Schema, for editors. */
  $schema?: string | undefined;
  /** Folder of the log files, relative to the workspace. */
  logDir?: string | undefined;
  /** Settings for every service that does not say otherwise. */
  defaults?: SharedOptions | undefined;
  /** The services by name: a command line, or its settings. */
  services: Record<string, string | Service>;
}
