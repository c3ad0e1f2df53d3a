/** The value against the schema: its problems in words that help, or the typed value. */
import type * as z from 'zod';
import { nearest } from '../contract/nearest.ts';
import { configJsonSchema, keysAt } from './json-schema.ts';
import type { Path, Problem } from './problems.ts';
import { ConfigSchema, type WrittenConfig } from './schema.ts';

type Checked = { config: WrittenConfig } | { problems: Problem[] };

export function checkConfig(value: unknown): Checked {
  const result = ConfigSchema.safeParse(value, { error: describe, reportInput: true, jitless: true });
  const dropped = droppedNames(value);
  if (result.success && dropped.length === 0) return { config: result.data };
  const issues = result.error?.issues ?? [];
  return { problems: [...dropped, ...issues.flatMap((issue) => problemsOf(issue, []))] };
}

const PROTO = '__proto__';
const KEPT = 'nothing can be called this: JavaScript keeps the word for itself';

/** Zod leaves this key out of what has names for keys (services, variables, dependencies), without a word. */
function droppedNames(value: unknown): Problem[] {
  const services = Object.entries(entry(value, 'services') ?? {});
  const owners: [Path, unknown][] = [
    [[], value],
    [['defaults'], entry(value, 'defaults')],
    ...services.map(([name, service]): [Path, unknown] => [['services', name], service]),
  ];
  return owners.flatMap(([path, owner]) =>
    ['services', 'env', 'dependsOn']
      .filter((key) => entry(entry(owner, key), PROTO) !== undefined)
      .map((key) => ({ path: [...path, key, PROTO], message: KEPT })),
  );
}

/** Undefined where there is none of its own. */
function entry(value: unknown, key: string): unknown {
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isThere ? (value as Record<string, unknown>)[key] : undefined;
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, base: Path): Problem[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => problemsOf(inner, path));
  }
  return [{ path, message: withGot(issue) }];
}

/** The only member of a union whose kind of value was written; null when none or several could be meant. */
function meantBranch(branches: Issue[][]): Issue[] | null {
  const possible = branches.filter((issues) => !issues.some(isOtherKind));
  return possible.length === 1 ? (possible[0] as Issue[]) : null;
}

function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  // A word of a list may be misspelt; `true` is no misspelt `false`.
  if (issue.code === 'invalid_value')
    return typeof issue.input !== 'string' || typeof issue.values[0] !== 'string';
  return (
    issue.code === 'invalid_type' || (issue.code === 'invalid_union' && meantBranch(issue.errors) === null)
  );
}

function unknownKey(path: Path, key: string): Problem {
  const known = keysAt(configJsonSchema(), path);
  const meant = nearest(key, known);
  return {
    path: [...path, key],
    message: 'unknown key',
    hint: meant === null ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`,
  };
}

const REQUIRED = 'is missing';

function withGot(issue: Issue): string {
  if (issue.message === REQUIRED || !issue.message.startsWith('expected')) return issue.message;
  return `${issue.message}, got ${show(issue.input)}`;
}

/** Wording for what the schema does not word itself; called by zod for each issue. */
function describe(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return REQUIRED;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KIND[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return expectedOneOf(issue.values, issue.input);
    case 'too_small':
      return issue.origin === 'number' ? `expected at least ${issue.minimum}` : 'cannot be empty';
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return 'not valid here';
  }
}

const KIND: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function expectedOneOf(values: readonly unknown[], input: unknown): string {
  const words = values.filter((value) => typeof value === 'string');
  const meant = typeof input === 'string' ? nearest(input, words) : null;
  const list = values.map((value) => JSON.stringify(value)).join(', ');
  const got = `${values.length === 1 ? '' : 'one of '}${list}, got ${show(input)}`;
  // Not beginning with "expected", so that what was written is not told twice.
  return meant === null ? `must be ${got}` : `must be ${got}; did you mean "${meant}"?`;
}

function show(value: unknown): string {
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string' && value.length > 60) return `${JSON.stringify(value.slice(0, 60))}…`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
