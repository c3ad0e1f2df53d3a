/** Which files does a command line name? They concern a service even where its loaded files are not known. */
import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedService } from '../contract/config.ts';
import { commandPrograms, type Program } from './command-programs.ts';

/** Programs that run a script: the first file among their words is it, by its bare name too (`node server`). */
const NODE = /^(node|nodejs|tsx|ts-node|ts-node-esm|bun|nodemon|esr|jiti|vite-node|babel-node)$/;
const OTHERS = /^(deno|python[\d.]*|ruby|perl|php|lua|sh|bash|dash|zsh|java|go|uvicorn|gunicorn|hypercorn)$/;
/** Options that take a file which is loaded before the script or beside it. */
const FILE_OPTIONS =
  /^(-r|-c|--require|--import|--loader|--experimental-loader|--env-file|--env-file-if-exists)$/;
const SCRIPT_ENDINGS = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '/index.js',
  '/index.ts',
  '/index.mjs',
];

/**
 * The existing files that a service's command names, and its env files (existing or not), absolute: the script of
 * an interpreter, what it preloads, a program by path; through `npm run`, the files that the script's text names.
 */
export function commandFiles(service: Pick<ResolvedService, 'command' | 'cwd' | 'envFiles'>): string[] {
  const named = commandPrograms(service.command, service.cwd).flatMap(ofProgram);
  return [...new Set([...named, ...service.envFiles])];
}

/** The file that its last program runs; null: it does not exist, or the command names none. */
export function lastCommandFile({ command, cwd }: Pick<ResolvedService, 'command' | 'cwd'>): string | null {
  return commandPrograms(command, cwd).flatMap(ofProgram).at(-1) ?? null;
}

function ofProgram({ name, words, cwd }: Program): string[] {
  const [program = '', ...rest] = words;
  if (NODE.test(name)) return ofInterpreter(rest, cwd, SCRIPT_ENDINGS);
  if (OTHERS.test(name)) return ofInterpreter(rest, cwd, ['']);
  return program.includes('/') ? existing(program, cwd, ['']) : [];
}

/** Preloaded files, then the first word that is a file; what follows are the script's own arguments. */
function ofInterpreter(words: string[], cwd: string, endings: string[]): string[] {
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [option = '', value] = word.split(/=(.*)/s);
    if (FILE_OPTIONS.test(option)) files.push(...existing(value ?? words[++at] ?? '', cwd, endings));
    else if (word === '-m') return [...files, ...ofPythonModule(words[at + 1] ?? '', cwd)];
    else if (!word.startsWith('-') && !isSubcommand(word)) {
      const script = [...existing(word, cwd, endings), ...ofPythonModule(word.split(':')[0] ?? '', cwd)];
      if (script.length > 0) return [...files, ...script.slice(0, 1)];
    }
  }
  return files;
}

/** `tsx watch x.ts`, `deno run x.ts`: a folder of that name is not meant. */
function isSubcommand(word: string): boolean {
  return word === 'watch' || word === 'run' || word === 'serve';
}

/** `python -m app.server`, `uvicorn app.main:app`. */
function ofPythonModule(name: string, cwd: string): string[] {
  if (!/^[A-Za-z_][\w.]*$/.test(name)) return [];
  return existing(name.replaceAll('.', '/'), cwd, ['.py', '/__main__.py', '/__init__.py']);
}

function existing(name: string, cwd: string, endings: string[]): string[] {
  const file = endings.map((ending) => path.resolve(cwd, name + ending)).find(isFile);
  return name === '' || file === undefined ? [] : [file];
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
