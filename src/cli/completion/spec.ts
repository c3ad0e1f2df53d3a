/** What can be completed, from the commands' own definitions. */
import type { ArgDef, CommandDef } from 'citty';

export interface OptionSpec {
  /** As typed: `--follow`, `-f`. */
  flags: string[];
  description: string;
  takesValue: boolean;
  /** Known values; empty: anything. */
  values: string[];
}

export interface CommandSpec {
  name: string;
  description: string;
  options: OptionSpec[];
  /** What `upkeep completion` is asked for its names: services and groups, services alone, or nothing. */
  names: '--names' | '--services' | null;
  /** Other words that may follow it. */
  words: readonly string[];
}

const NAMES: Record<string, CommandSpec['names']> = {
  start: '--names',
  stop: '--names',
  restart: '--names',
  status: '--names',
  up: '--names',
  wait: '--names',
  logs: '--services',
  why: '--services',
  graph: '--services',
};

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const WORDS: Record<string, readonly string[]> = {
  completion: SHELLS,
  mcp: ['install'],
  boot: ['enable', 'disable', 'status'],
};

export function commandSpec(name: string, description: string, definition: CommandDef): CommandSpec {
  const args = typeof definition.args === 'object' ? (definition.args as Record<string, ArgDef>) : {};
  const options = Object.entries(args).filter(([key, arg]) => arg.type !== 'positional' && !HIDDEN.has(key));
  return {
    name,
    description,
    options: [...options.map(([key, arg]) => optionSpec(key, arg)), HELP],
    names: NAMES[name] ?? null,
    words: WORDS[name] ?? [],
  };
}

/** Asked by the scripts themselves. */
const HIDDEN = new Set(['names', 'services']);

const HELP: OptionSpec = { flags: ['--help'], description: 'Show help', takesValue: false, values: [] };

function optionSpec(key: string, arg: ArgDef): OptionSpec {
  const aliases = 'alias' in arg && arg.alias !== undefined ? [arg.alias].flat() : [];
  // What is on by default can only be turned off.
  const negative = arg.type === 'boolean' && arg.default === true;
  const description = negative && 'negativeDescription' in arg ? arg.negativeDescription : arg.description;
  const known =
    arg.type === 'string' && arg.valueHint?.includes('|') === true ? arg.valueHint.split('|') : [];
  return {
    flags: negative
      ? [`--no-${key}`]
      : [`--${key}`, ...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))],
    description: description ?? '',
    takesValue: arg.type !== 'boolean',
    values: known,
  };
}
