/** What one can have done. */
import * as z from 'zod/mini';
import { Outcome } from '../protocol.ts';

const names = z._default(z.array(z.string()), []);
/** False: answer as soon as the daemon knows what is wanted, with no outcomes. */
const wait = z._default(z.boolean(), true);

/** `names`: names, globs (`*-server`) and groups (`@backend`); none means all. */
export const StartCommand = z.object({ names, wait });
/** What takes servers from their users is not done for an empty request: all are named as `[]`. */
const named = z.array(z.string(), {
  error: ({ input }) => (input === undefined ? 'has to be given; [] means all' : undefined),
});
export const StopCommand = z.object({ names: named, wait });
export const RestartCommand = z.object({
  names: named,
  wait,
  /** Stop each before it is started again, also where the new run could take over from the old one. */
  hard: z._default(z.boolean(), false),
});

/** One for each service that was meant. A failure is an outcome with `ok: false`, not an error. */
export const CommandResult = z.object({ outcomes: z.array(Outcome) });
export type CommandResult = z.infer<typeof CommandResult>;
