#!/usr/bin/env node
/** `upkeep`: finds the command, loads only its code, and is the one place that ends the process. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type ArgDef, type CommandDef, defineCommand, type ParsedArgs, parseArgs, renderUsage } from 'citty';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { nearest } from '../contract/nearest.ts';
import { COMMANDS } from './commands.ts';
import { checkOptions } from './options.ts';
import { isTerminal, outputFailed, printNow } from './output.ts';

/** Commands that do without Node's stream for standard output. */
const PRINTS_ONCE = new Set(['status']);

async function main(argv: string[]): Promise<void> {
  const rest = takeFolder(argv);
  const [name, ...args] = rest;
  if (process.platform === 'win32')
    throw new UserError(
      ExitCode.usage,
      'Upkeep does not run on Windows itself.',
      'Use it inside WSL: https://learn.microsoft.com/windows/wsl/install',
    );
  if (name === '--version' || name === '-v') return print(__UPKEEP_VERSION__);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(args[0]);
  const command = load(name);
  if (!PRINTS_ONCE.has(name)) process.stdout.on('error', outputFailed);
  if (args.includes('--help') || args.includes('-h')) return help(name);
  const definition = typeof command.args === 'object' ? command.args : {};
  const flags = Object.fromEntries(
    Object.entries(definition).filter(([, arg]) => 'type' in arg && arg.type !== 'positional'),
  );
  checkOptions(name, args, flags as never);
  await command.run?.({ rawArgs: args, args: parsed(args, flags), cmd: command });
}

/** Without words there is nothing to parse but the defaults; the parser takes a tenth of what `node` itself does. */
function parsed(args: string[], flags: Record<string, ArgDef>): ParsedArgs {
  if (args.length > 0) return parseArgs(args, flags as never);
  const defaults = Object.entries(flags).map(([name, { default: value }]) => [name, value]);
  return { ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), _: [] };
}

/** `-C FOLDER` stands before the command, as in git and make. */
function takeFolder(argv: string[]): string[] {
  if (argv[0] !== '-C') return argv;
  const folder = argv[1];
  if (folder === undefined || !existsSync(folder)) {
    throw new UserError(
      ExitCode.usage,
      folder === undefined ? '-C needs a folder.' : `The folder ${resolve(folder)} does not exist.`,
    );
  }
  process.chdir(folder);
  return argv.slice(2);
}

function load(name: string): CommandDef {
  if (Object.hasOwn(COMMANDS, name)) return require(join(__dirname, 'commands', `${name}.cjs`)).default;
  const near = nearest(name, Object.keys(COMMANDS));
  throw new UserError(
    ExitCode.usage,
    `There is no command "${name}".`,
    near === null || near === undefined
      ? 'See "upkeep --help".'
      : `Did you mean "${near}"? See "upkeep --help".`,
  );
}

async function help(name: string | undefined): Promise<void> {
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
  if (name !== undefined && !name.startsWith('-'))
    return print(forReader(await renderUsage(load(name), parent)));
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

function fail(error: unknown): void {
  if (error instanceof UserError) {
    process.stderr.write(`upkeep: ${error.message}\n${error.hint === null ? '' : `  ${error.hint}\n`}`);
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(
    `upkeep: this is a bug in Upkeep, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = ExitCode.internal;
}

main(process.argv.slice(2)).catch(fail);
