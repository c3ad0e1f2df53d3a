/** Which programs does a command line run, behind its shell, its wrappers and its package manager's scripts? */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from '../contract/config.ts';
import { simpleCommands } from './shell-words.ts';

/** A program with its arguments, and the absolute folder that it runs in. */
export interface Program {
  /** The base name of `words[0]`: `python3.12` for `/usr/bin/python3.12`. */
  readonly name: string;
  readonly words: readonly string[];
  readonly cwd: string;
}

/** Programs whose words are another command line. */
const WRAPPERS = /^(env|exec|npx|bunx|nice|nohup|time|command|dotenv|cross-env|c8|nyc|stdbuf)$/;
/** Wrappers by their first two words: `poetry run python app.py`. */
const RUNNERS = /^((poetry|uv|pipenv|pdm|hatch|rye) run|bundle exec)$/;
const SHELLS = /^(sh|bash|dash|zsh)$/;
const PACKAGE_MANAGERS = /^(npm|pnpm|yarn|bun)$/;
/** `npm run dev` may run a script that runs another script. */
const DEEPEST = 4;

/** The programs of a command line in its order, as far as they can be read without running it. */
export function commandPrograms(command: Command, cwd: string): Program[] {
  return 'argv' in command ? ofWords(command.argv, cwd, 0) : ofShell(command.shell, cwd, 0);
}

/** As `commandPrograms`, of a line of shell text. */
export function shellPrograms(text: string, cwd: string): Program[] {
  return ofShell(text, cwd, 0);
}

/** Those of the scripts that npm runs before others: `predev` before `dev`. */
export function preScripts(command: Command, cwd: string): Program[] {
  const words = 'argv' in command ? command.argv : command.shell.split(/\s+/);
  const scripts = scriptsIn(cwd);
  return words.flatMap((word) => {
    const text = typeof scripts[word] === 'string' ? scripts[`pre${word}`] : undefined;
    return typeof text === 'string' ? ofShell(text, cwd, 0) : [];
  });
}

function ofShell(text: string, cwd: string, depth: number): Program[] {
  let folder = cwd;
  return simpleCommands(text).flatMap((words) => {
    if (words[0] !== 'cd') return ofWords(words, folder, depth);
    folder = path.resolve(folder, words[1] ?? '.');
    return [];
  });
}

function ofWords(words: string[], cwd: string, depth: number): Program[] {
  const [program = '', ...rest] = words;
  const name = path.basename(program);
  if (depth > DEEPEST || name === '') return [];
  if (PACKAGE_MANAGERS.test(name)) {
    const script = scriptText(rest, cwd);
    if (script !== null) return ofShell(script, cwd, depth + 1);
  }
  if (WRAPPERS.test(name)) return ofWrapped(rest, cwd, depth);
  if (RUNNERS.test(`${name} ${rest[0]}`)) return ofWrapped(rest.slice(1), cwd, depth);
  if (SHELLS.test(name) && rest[0] === '-c') return ofShell(rest[1] ?? '', cwd, depth + 1);
  return [{ name, words, cwd }];
}

function ofWrapped(words: string[], cwd: string, depth: number): Program[] {
  const first = words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  return first === -1 ? [] : ofWords(words.slice(first), cwd, depth + 1);
}

/** The text of the package.json script that `npm run NAME`, `npm start`, `yarn NAME`… would run. */
function scriptText(words: string[], cwd: string): string | null {
  const names = words.filter((word) => !word.startsWith('-') && word !== 'run' && word !== 'run-script');
  const text = scriptsIn(cwd)[names[0] ?? ''];
  return typeof text === 'string' ? text : null;
}

function scriptsIn(cwd: string): Record<string, unknown> {
  try {
    return JSON.parse(fs.readFileSync(path.join(cwd, 'package.json'), 'utf8')).scripts ?? {};
  } catch {
    return {};
  }
}
