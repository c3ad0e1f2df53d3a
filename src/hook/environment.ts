/** What a run's environment holds so that the hook is loaded by every Node process of it. */
import { existsSync } from 'node:fs';
import type { Command } from '../contract/config.ts';
import { REPORT_VARIABLE } from '../contract/report.ts';

/** Under these, Node may not read the hook, and then does not start. */
const PERMISSION = /^--(?:experimental-)?permission$/;
const PERMISSION_IN_TEXT = /(?:^|[\s'"])--(?:experimental-)?permission(?=$|[\s'"])/;

/**
 * What to add to `base`, over it. Empty where the hook would keep the service from starting: there is no such file,
 * or Node's permission model is asked for. Their own NODE_OPTIONS stay, after ours, and ours is there once.
 * `hookPath` and `reportPath` are absolute.
 */
export function nodeHookEnvironment(
  base: { NODE_OPTIONS?: string | undefined },
  hookPath: string,
  reportPath: string,
  command: Command = { argv: [] },
): Record<string, string> {
  const theirs = base.NODE_OPTIONS ?? '';
  const words = splitNodeOptions(theirs);
  if (words.some((word) => PERMISSION.test(word)) || asksForPermission(command)) return {};
  if (hookPath.includes('\0') || !existsSync(hookPath)) return {};
  const ours = `--require ${quoteNodeOption(hookPath)}`;
  const options = requires(words, hookPath) ? theirs : theirs.trim() === '' ? ours : `${ours} ${theirs}`;
  return { NODE_OPTIONS: options, [REPORT_VARIABLE]: reportPath };
}

function asksForPermission(command: Command): boolean {
  return 'argv' in command
    ? command.argv.some((word) => PERMISSION.test(word))
    : PERMISSION_IN_TEXT.test(command.shell);
}

function requires(words: readonly string[], path: string): boolean {
  return words.some(
    (word, index) =>
      word === `--require=${path}` || ((word === '--require' || word === '-r') && words[index + 1] === path),
  );
}

/** As NODE_OPTIONS is read: blanks part words, double quotes hold them together, in quotes a backslash escapes. */
export function quoteNodeOption(value: string): string {
  return /^[\w./:@%+,=-]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** The words of NODE_OPTIONS (node.cc, ParseNodeOptionsEnvVar). An open quote, which Node refuses, ends with the text. */
export function splitNodeOptions(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text.charAt(index);
    if (character === '\\' && quoted) {
      index++;
      character = text.charAt(index);
    } else if (character === ' ' && !quoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
      continue;
    }
    word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}
