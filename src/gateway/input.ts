/** What came with a request, against its schema. Throws UserError (usage) in words that name the field. */
import * as z from 'zod/mini';
import { ExitCode, UserError } from '../contract/exit-codes.ts';

/** Those that may be given several times, or with commas. */
const LISTS = new Set(['services', 'kinds', 'levels']);

/** Everything of a query but `key`, which has been looked at. */
export function queryInput(search: URLSearchParams): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    if (name === 'key') continue;
    const values = search.getAll(name);
    found[name] = LISTS.has(name)
      ? values.flatMap((each) => each.split(',')).filter((each) => each !== '')
      : values[0];
  }
  return found;
}

export function checked<Schema extends z.ZodMiniType>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = z.safeParse(schema, raw ?? {});
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const stranger =
    typeof raw === 'object' && raw !== null
      ? Object.keys(raw).find((name) => !known.includes(name))
      : undefined;
  if (stranger !== undefined)
    throw new UserError(
      ExitCode.usage,
      `There is no "${stranger}" here.`,
      known.length === 0 ? null : `Known: ${known.join(', ')}.`,
    );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the request';
  throw new UserError(ExitCode.usage, `${where}: ${issue?.message ?? 'is not right'}`, 'See /openapi.json.');
}
