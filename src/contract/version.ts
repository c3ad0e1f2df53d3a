/** Numbers by which versions tell whether they understand each other. Apart from the schemas, whose library the CLI's fast path does without. */

/** Raised when a daemon of one version could misunderstand a client of another. */
export const PROTOCOL = 1;

/** Raised when an older daemon could not read `.upkeep/snapshot.json`. */
export const SNAPSHOT_VERSION = 1;
