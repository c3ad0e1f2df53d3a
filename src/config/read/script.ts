/** Configurations that are programs: TypeScript by jiti, JavaScript by Node itself where it can. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';
import { defineConfig } from '../define.ts';
import { runApart } from './apart.ts';
import { importedFiles } from './imports.ts';
import { scriptLine } from './script-lines.ts';
import type { Input, Source } from './source.ts';

let loads = 0;

export async function readScript(input: Input): Promise<Source> {
  let exported: unknown;
  try {
    exported = await runApart(input.shown, async () => {
      const found = defaultOf(await load(input), input);
      return typeof found === 'function' ? await (found as () => unknown)() : found;
    });
  } catch (error) {
    throw error instanceof UserError ? error : thrownByConfig(error, input);
  }
  refuseSilly(exported, input);
  return {
    value: exported,
    files: [input.file, ...importedFiles(input.file, input.text)],
    lineOf: (path) => scriptLine(input.text, path),
  };
}

async function load({ file, text }: Input): Promise<object> {
  if (nodeTakesIt(file, text)) {
    try {
      // A new query each time: Node never forgets a module that it has loaded.
      return (await import(`${pathToFileURL(file).href}?upkeep=${process.pid}-${++loads}`)) as object;
    } catch (error) {
      if (!jitiMayHelp(error)) throw error;
    }
  }
  const { createJiti } = await import('jiti');
  const virtualModules = { upkeep: { defineConfig } };
  const jiti = createJiti(file, { fsCache: false, moduleCache: false, virtualModules });
  return jiti.import<object>(file);
}

/** Node has its own ways with TypeScript and with `export` in a CommonJS package, and warns about them; jiti does not. */
function nodeTakesIt(file: string, text: string): boolean {
  const extension = extname(file);
  if (extension === '.mjs') return true;
  const isModule = /^\s*(?:import\b(?!\s*\()|export\b)/m.test(text);
  if (extension === '.cjs') return !isModule;
  return extension === '.js' && isModule === inModulePackage(file);
}

/** Node's own rule: the nearest package.json decides. */
function inModulePackage(file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return /"type"\s*:\s*"module"/.test(readFileSync(manifest, 'utf8'));
    if (dirname(folder) === folder) return false;
  }
}

/** jiti finds `upkeep` where it is not installed, and says on which line a syntax error is. */
function jitiMayHelp(error: unknown): boolean {
  if (types.isNativeError(error) && error.name === 'SyntaxError') return true;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message.includes("'upkeep'");
}

function defaultOf(namespace: object, { shown }: Input): unknown {
  let exported: unknown = 'default' in namespace ? namespace.default : undefined;
  // CommonJS written by a compiler: module.exports = { __esModule: true, default }.
  if (isCompiled(exported) && 'default' in exported) exported = exported.default;
  // jiti hands out module.exports itself.
  if (exported === undefined && !isCompiled(namespace) && !types.isModuleNamespaceObject(namespace))
    exported = namespace;
  if (exported !== undefined) return exported;
  const names = Object.keys(namespace).filter((name) => name !== 'default' && name !== 'module.exports');
  const has = names.length === 0 ? 'exports nothing' : `exports ${names.join(', ')}, but nothing as default`;
  throw new UserError(ExitCode.config, `${shown}: ${has}.`, EXPORT_HINT);
}

function isCompiled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '__esModule' in value;
}

const EXPORT_HINT = 'Write `export default { services: { … } }` (or `module.exports = …` in CommonJS).';

function refuseSilly(exported: unknown, { shown }: Input): void {
  if (typeof exported === 'object' && exported !== null && !Array.isArray(exported)) return;
  const what =
    exported === null ? 'null' : Array.isArray(exported) ? 'a list' : `a value of type ${typeof exported}`;
  throw new UserError(
    ExitCode.config,
    `${shown}: the default export is ${what}, expected an object with \`services\`.`,
    EXPORT_HINT,
  );
}

/** What the config threw, with its line, and without our own stack. */
function thrownByConfig(error: unknown, { file, shown }: Input): UserError {
  const syntax = /^ParseError: ([\s\S]*?)\s+(\S.*):(\d+):(\d+)$/.exec(messageOf(error));
  if (syntax !== null) {
    // Babel counts columns from 0.
    const place = join(dirname(shown), relative(dirname(file), syntax[2] as string));
    return new UserError(ExitCode.config, `${place}:${syntax[3]}:${Number(syntax[4]) + 1}: ${syntax[1]}`);
  }
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  const at = placeInStack(error, file);
  return new UserError(
    ExitCode.config,
    `${shown}${at}: the configuration could not be run: ${name}${messageOf(error)}`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\nRequire stack:')[0] as string) : String(error);
}

/** `:line` of the topmost frame in the config itself, or nothing. Columns are off where jiti has wrapped the first line. */
function placeInStack(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    if (!line.includes(file) && !line.includes(pathToFileURL(file).href)) continue;
    const found = /:(\d+):\d+\)?$/.exec(line.trim());
    if (found !== null) return `:${found[1]}`;
  }
  return '';
}
