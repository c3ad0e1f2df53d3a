/** What the exit codes of `upkeep` mean; printed by `--help`. */
export const ExitCode = {
  /** What was asked for is true. */
  ok: 0,
  /** It was tried and did not come true for at least one service. */
  failed: 1,
  /** The command line is wrong: unknown command, option or service. */
  usage: 2,
  /** The configuration is missing or broken. */
  config: 3,
  /** The daemon could not be started or reached. */
  daemon: 4,
  /** A bug in Upkeep. */
  internal: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The same symbol in every bundle: each command is one of its own, with its own copy of the class. */
const USER_ERROR: unique symbol = Symbol.for('upkeep.UserError');

/** An expected failure: shown as its message and hint, never as a stack trace. */
export class UserError extends Error {
  override name = 'UserError';
  readonly [USER_ERROR] = true;
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** What to do about it, one line. */
    readonly hint: string | null = null,
  ) {
    super(message);
  }

  /** `instanceof` holds across bundles. */
  static override [Symbol.hasInstance](value: unknown): value is UserError {
    return typeof value === 'object' && value !== null && USER_ERROR in value;
  }
}
