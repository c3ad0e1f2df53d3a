/** What `--help` prints, of `upkeep` itself or of one command. */
import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, defineCommand, renderUsage } from 'citty';
import { COMMANDS } from './commands.ts';
import { isTerminal, printNow } from './output.ts';

/** `command`: null for `upkeep` itself. */
export async function printHelp(command: CommandDef | null): Promise<void> {
  const parent = defineCommand({
    meta: {
      name: 'upkeep',
      version: __UPKEEP_VERSION__,
      description: 'keeps your development servers running',
    },
    subCommands: Object.fromEntries(
      Object.entries(COMMANDS).map(([key, description]) => [key, { meta: { name: key, description } }]),
    ),
  });
  if (command !== null) return print(forReader(await renderUsage(command, parent)));
  print(forReader(await renderUsage(parent)));
  print('Every command has --help. -C FOLDER before the command names another workspace.');
  print('Exit codes: 0 done, 1 it failed for a service, 2 wrong usage, 3 broken configuration, 4 no daemon.');
}

/** The usage comes coloured, whoever reads it. */
function forReader(usage: string): string {
  return isTerminal() ? usage : stripVTControlCharacters(usage);
}

function print(text: string): void {
  printNow(`${text}\n`);
}
