/** Numbers that daemon and clients go by. Apart from the schemas, whose library the CLI's fast path does without. */

/** Raised when a daemon of one version could misunderstand a client of another. */
export const PROTOCOL = 1;

/** A request over this many bytes is refused. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** Raised when an older daemon could not read `.upkeep/snapshot.json`. */
export const SNAPSHOT_VERSION = 1;
