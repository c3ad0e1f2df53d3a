/**
 * A standby: a process of a service's command that Node has booted and that has loaded nothing of the app. It becomes
 * the service's next run when one is wanted, or ends unseen. What daemon and hook agree on:
 *
 * The standby has a folder like a run's, with a name of its own beside the numbered ones, and in it a FIFO that the
 * daemon alone holds open to write. The hook reads it: nothing ever comes but its end, which says "look at the disk".
 * When the daemon makes it run 7, it writes `Release` and `run.json` into the folder, has the name `7` lead there (a
 * symbolic link: made at one stroke), and closes the FIFO. Where no such link is, nobody wants the process, and it kills
 * its process group. So it makes no difference at which moment the daemon dies: what is on disk is what happens.
 */

/** Holds the absolute path of the FIFO. No process of the app ever sees it. */
export const STANDBY_VARIABLE = 'UPKEEP_STANDBY';

/** Name of the FIFO in the standby's folder. */
export const STANDBY_FIFO = 'standby';

/** Name of the file beside it that holds a `Release`. */
export const RELEASE_FILE = 'release';

export interface Release {
  /** The run that it becomes. */
  run: number;
  /** What is to be set in its environment before the app begins. */
  env: Record<string, string>;
}

/** With these, Node does before it comes to the hook what belongs to the run: opens a port, reads a file, starts itself anew. */
export const NOT_AHEAD =
  /^--(?:inspect|env-file|experimental-config-file|experimental-default-config-file|watch)/;
