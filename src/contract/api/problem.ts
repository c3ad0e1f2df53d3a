/** What went wrong in a service, as far as what it printed tells. */
import * as z from 'zod/mini';

export const Problem = z.object({
  /** `TypeError`, `ValueError`, `SyntaxError`; null: it is not named. */
  type: z.nullable(z.string()),
  message: z.string(),
  /** Where it was thrown, in code of the project: relative to the workspace, absolute outside of it. */
  file: z.nullable(z.string()),
  /** From 1. */
  line: z.nullable(z.number()),
  column: z.nullable(z.number()),
  /** The lines around it as they are now, the one that is meant marked with `>`; empty when it cannot be read. */
  frame: z.array(z.string()),
});
export type Problem = z.infer<typeof Problem>;
