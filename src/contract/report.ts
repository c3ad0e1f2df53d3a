/**
 * The report of a run: what the hooks inside its processes write and the daemon reads.
 * One JSON array a line, appended to the file `loaded` in the run's folder, whose absolute path
 * the run's processes find in `UPKEEP_REPORT`. A hook never makes that file: no file, no report.
 * Written by processes that nobody trusts: the reader bounds and checks every field.
 *
 * Lines come in their order, whole, and none later than the end of its process. Node's hook writes a process's first
 * twenty one by one; later ones may wait for each other (src/hook/gather.ts). So what dies by SIGKILL or in native code,
 * or is caught in an endless loop while it loads, may leave out the last files. Other lines are written at once.
 */

/** The variable that holds the absolute path of the report. */
export const REPORT_VARIABLE = 'UPKEEP_REPORT';

/** Name of the report's file in a run's folder. */
export const REPORT_FILE = 'loaded';

/** A line, its end included, has at most this many bytes: one write(2) appends it whole. Longer ones are not written. */
export const MAX_REPORT_LINE_BYTES = 16 * 1024;

export type ReportLanguage = 'node' | 'python' | 'ruby';

/**
 * `at` is epoch ms (maybe with a fraction), taken before the file was read.
 * Files are absolute real paths (symlinks resolved) outside node_modules, without query or hash.
 */

/** A process with a hook in it began. */
export type HelloLine = [kind: 'hello', at: number, pid: number, language: ReportLanguage, version: string];

/**
 * A file is being loaded: told before its source is read, so one with a syntax error is told too.
 * `parent` asked for it (it may lie in node_modules); null for an entry, a preload, or when unknown.
 * The same file may be told more than once (by several processes or threads, or with another parent).
 */
export type LoadLine = [kind: 'load', at: number, file: string, parent: string | null];

/** A symbolic link of the workspace that was read on the way to a file's real path; it may lie in node_modules. Each once. */
export type LinkLine = [kind: 'link', at: number, link: string];

/** A folder is being listed; each once. What is loaded from it later may have been found there. */
export type ListLine = [kind: 'list', at: number, folder: string];

/** This specifier could not be resolved from `parent`; whether the app caught that does not matter. */
export type MissingLine = [kind: 'missing', at: number, specifier: string, parent: string | null];

/** Read through fs, not as a module; each file once. Of what is read after the process listened, only the first ones. */
export type ReadLine = [kind: 'read', at: number, file: string];

/** The process's first server listens. */
export type ListeningLine = [kind: 'listening', at: number];

/** A process that reports nothing on purpose, such as a package manager; `why` is one word or two. */
export type QuietLine = [kind: 'quiet', at: number, pid: number, why: string];

/** The `why` of a process that has started another one with an environment of its own: that one has no hook in it. */
export const OWN_ENVIRONMENT = 'own environment';

/** This process has a control socket (see contract/sockets.ts), at this absolute path. */
export type ControlLine = [kind: 'control', at: number, pid: number, path: string];

/** The app listens on a held socket (`3000/::`), as far as it can see; accepting waits for the gate to open. */
export type GatedLine = [kind: 'gated', at: number, pid: number, socket: string];

/** Connections are accepted from this held socket. */
export type AttachedLine = [kind: 'attached', at: number, pid: number, socket: string];

/** The app listens on this TCP port without a held socket; `why` is a word or two (`reusePort`, `host 10.0.0.3`). */
export type UncapturedLine = [kind: 'uncaptured', at: number, pid: number, port: number, why: string];

export type SocketLine = ControlLine | GatedLine | AttachedLine | UncapturedLine;

export type ReportLine =
  | HelloLine
  | LoadLine
  | LinkLine
  | ListLine
  | MissingLine
  | ReadLine
  | ListeningLine
  | QuietLine
  | SocketLine;
