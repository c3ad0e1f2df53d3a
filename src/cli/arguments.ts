/** The words after a command's name. Loaded only when there are some: the parser takes a tenth of what `node` itself does. */
import { type ArgDef, type CommandDef, type ParsedArgs, parseArgs } from 'citty';
import { checkOptions } from './options.ts';

/** Throws UserError for an option that the command does not have. */
export function parseWords(name: string, command: CommandDef, words: string[]): ParsedArgs {
  const flags = flagsOf(command);
  checkOptions(name, words, flags as never);
  return parseArgs(words, flags as never);
}

function flagsOf({ args }: CommandDef): Record<string, ArgDef> {
  const definition = typeof args === 'object' ? args : {};
  return Object.fromEntries(
    Object.entries(definition).filter(([, arg]) => 'type' in arg && arg.type !== 'positional'),
  ) as Record<string, ArgDef>;
}
