/** `upkeep`: finds the command, loads only its code, and is the one place that ends the process. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandDef, ParsedArgs } from 'citty';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { mask } from '../contract/mask.ts';
import { type Loaded, loadCompiled } from '../platform/compiled/load.ts';
import { COMMANDS } from './commands.ts';
import { outputFailed, printNow } from './output.ts';

/** Commands that look and end at once: they do without Node's stream for standard output, and their compiled code is kept. */
const QUICK = new Set(['status']);

/** Commands that go on after they have begun. */
const SERVES = new Set(['mcp']);

async function main(argv: string[]): Promise<void> {
  const [given, ...words] = takeFolder(argv);
  const name = given ?? (await usual());
  if (process.platform === 'win32')
    throw new UserError(
      ExitCode.usage,
      'Upkeep does not run on Windows itself.',
      'Use it inside WSL: https://learn.microsoft.com/windows/wsl/install',
    );
  if (name === '--version' || name === '-v') return void printNow(`${__UPKEEP_VERSION__}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(words[0]);
  const { command, unkept } = await load(name);
  if (!QUICK.has(name)) process.stdout.on('error', outputFailed);
  if (words.includes('--help') || words.includes('-h')) return help(name);
  const args = words.length === 0 ? defaults(command) : await parsed(name, command, words);
  const wasUsual = await command.run?.({ rawArgs: words, args, cmd: command });
  if (wasUsual !== true) return end(name);
  if (unkept !== null) (await import('../platform/compiled/keep.ts')).keepCompiled(unkept);
  // All is said. Node would go on to collect garbage and take itself down piece by piece.
  process.exit();
}

/** What a configuration that is a program has opened (a timer, a database) would keep the command from ending. */
function end(name: string): void {
  if (!SERVES.has(name)) process.stdout.write('', () => process.exit());
}

/** On a terminal, in a workspace, `upkeep` alone is the terminal UI. */
async function usual(): Promise<string | undefined> {
  return (await import('./alone.ts')).wantsTop() ? 'top' : undefined;
}

async function parsed(name: string, command: CommandDef, words: string[]): Promise<ParsedArgs> {
  return (await import('./arguments.ts')).parseWords(name, command, words);
}

/** Without words there is nothing to parse. */
function defaults({ args: definition }: CommandDef): ParsedArgs {
  const flags = Object.entries(typeof definition === 'object' ? definition : {});
  const set = flags.flatMap(([name, arg]) =>
    'default' in arg && arg.default !== undefined && arg.type !== 'positional' ? [[name, arg.default]] : [],
  );
  return { ...Object.fromEntries(set), _: [] };
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

interface LoadedCommand {
  command: CommandDef;
  unkept: Loaded<unknown>['unkept'];
}

async function load(name: string): Promise<LoadedCommand> {
  if (!Object.hasOwn(COMMANDS, name)) throw await unknownCommand(name);
  const path = join(__dirname, 'commands', `${name}.cjs`);
  const loaded = QUICK.has(name) ? loadCompiled<{ default: CommandDef }>(path) : null;
  const { exports, unkept } = loaded ?? { exports: require(path), unkept: null };
  return { command: exports.default, unkept };
}

async function unknownCommand(name: string): Promise<UserError> {
  const { nearest } = await import('../contract/nearest.ts');
  const near = nearest(name, Object.keys(COMMANDS));
  return new UserError(
    ExitCode.usage,
    `There is no command "${name}".`,
    near === null ? 'See "upkeep --help".' : `Did you mean "${near}"? See "upkeep --help".`,
  );
}

async function help(name: string | undefined): Promise<void> {
  const { printHelp } = await import('./help.ts');
  if (name === undefined || name.startsWith('-')) return printHelp(null);
  await printHelp({ name, command: (await load(name)).command });
}

function fail(error: unknown): void {
  if (error instanceof UserError) {
    const hint = error.hint === null ? '' : `  ${error.hint}\n`;
    process.stderr.write(mask(`upkeep: ${error.message}\n${hint}`));
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(
    `upkeep: this is a bug in Upkeep, please report it.\n${mask(String(error instanceof Error ? error.stack : error))}\n`,
  );
  process.exitCode = ExitCode.internal;
}

main(process.argv.slice(2)).catch(fail);
