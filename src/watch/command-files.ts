/** Which files does a command line name? They concern a service even where its loaded files are not known. */
import fs from 'node:fs';
import path from 'node:path';
import type { ResolvedService } from '../contract/config.ts';
import { simpleCommands } from './shell-words.ts';

/** Programs that run a script: the first file among their words is it, by its bare name too (`node server`). */
const NODE = /^(node|nodejs|tsx|ts-node|ts-node-esm|bun|nodemon|esr|jiti|vite-node|babel-node)$/;
const OTHERS = /^(deno|python[\d.]*|ruby|perl|php|lua|sh|bash|dash|zsh|java|go|uvicorn|gunicorn|hypercorn)$/;
/** Programs whose words are another command line. */
const WRAPPERS = /^(env|exec|npx|bunx|nice|nohup|time|command|dotenv|cross-env|c8|nyc|stdbuf)$/;
const PACKAGE_MANAGERS = /^(npm|pnpm|yarn|bun)$/;
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
/** `npm run dev` may run a script that runs another script. */
const DEEPEST = 4;

/**
 * The existing files that a service's command names, and its env files (existing or not), absolute: the script of
 * an interpreter, what it preloads, a program by path; through `npm run`, the files that the script's text names.
 */
export function commandFiles(service: Pick<ResolvedService, 'command' | 'cwd' | 'envFiles'>): string[] {
  const { command, cwd, envFiles } = service;
  const named = 'argv' in command ? ofWords(command.argv, cwd, 0) : ofShell(command.shell, cwd, 0);
  return [...new Set([...named, ...envFiles])];
}

function ofShell(text: string, cwd: string, depth: number): string[] {
  let folder = cwd;
  return simpleCommands(text).flatMap((words) => {
    if (words[0] !== 'cd') return ofWords(words, folder, depth);
    folder = path.resolve(folder, words[1] ?? '.');
    return [];
  });
}

function ofWords(words: string[], cwd: string, depth: number): string[] {
  const [program = '', ...rest] = words;
  const name = path.basename(program);
  if (depth > DEEPEST) return [];
  if (PACKAGE_MANAGERS.test(name)) {
    const script = scriptText(rest, cwd);
    if (script !== null) return ofShell(script, cwd, depth + 1);
  }
  if (WRAPPERS.test(name)) return ofWrapped(rest, cwd, depth);
  if (/^(sh|bash|dash|zsh)$/.test(name) && rest[0] === '-c') return ofShell(rest[1] ?? '', cwd, depth + 1);
  if (NODE.test(name)) return ofInterpreter(rest, cwd, SCRIPT_ENDINGS);
  if (OTHERS.test(name)) return ofInterpreter(rest, cwd, ['']);
  return program.includes('/') ? existing(program, cwd, ['']) : [];
}

function ofWrapped(words: string[], cwd: string, depth: number): string[] {
  const first = words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  return first === -1 ? [] : ofWords(words.slice(first), cwd, depth + 1);
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

/** The text of the package.json script that `npm run NAME`, `npm start`, `yarn NAME`… would run. */
function scriptText(words: string[], cwd: string): string | null {
  const names = words.filter((word) => !word.startsWith('-') && word !== 'run' && word !== 'run-script');
  try {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(cwd, 'package.json'), 'utf8'));
    const text: unknown = scripts?.[names[0] ?? ''];
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}
