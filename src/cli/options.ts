/** Refusing options that a command does not have: a mistyped one must never be silently ignored. */
import type { ArgsDef } from 'citty';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { nearest } from '../contract/nearest.ts';

/** Throws UserError for an unknown option, and for an option that lacks its value. */
export function checkOptions(command: string, args: string[], definition: ArgsDef): void {
  const takesValue = new Map<string, boolean>();
  for (const [name, arg] of Object.entries(definition)) {
    const aliases = 'alias' in arg && arg.alias !== undefined ? [arg.alias].flat() : [];
    const opposite = arg.type === 'boolean' && arg.default === true ? [`no-${name}`] : [];
    for (const each of [name, kebab(name), ...aliases, ...opposite])
      takesValue.set(each, arg.type !== 'boolean');
  }
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') return;
    const option = /^(?:--(?:no-)?([^=]+)|-([A-Za-z]))(=.*)?$/.exec(word);
    if (option === null) {
      if (/^-[A-Za-z]/.test(word) && !isShortWithValue(word, takesValue))
        throw unknown(command, word, takesValue);
      continue;
    }
    const full = /^--([^=]+)/.exec(word)?.[1] ?? '';
    const name = takesValue.has(full) ? full : (option[1] ?? option[2] ?? '');
    const needsValue = takesValue.get(name);
    if (needsValue === undefined) throw unknown(command, word, takesValue);
    if (needsValue && option[3] === undefined) {
      at += 1;
      if (args[at] === undefined)
        throw new UserError(ExitCode.usage, `The option ${word} needs a value.`, help(command));
    }
  }
}

/** `-n50`, as tail(1) takes it. */
function isShortWithValue(word: string, takesValue: Map<string, boolean>): boolean {
  return takesValue.get(word[1] ?? '') === true;
}

function unknown(command: string, word: string, known: Map<string, boolean>): UserError {
  const near = nearest(word.replace(/^-+/, '').replace(/=.*/, ''), [...known.keys()]);
  const suggestion =
    near === null || near === undefined ? '' : `Did you mean ${near.length === 1 ? '-' : '--'}${near}? `;
  return new UserError(
    ExitCode.usage,
    `"upkeep ${command}" has no option ${word}.`,
    `${suggestion}${help(command)}`,
  );
}

function help(command: string): string {
  return `See "upkeep ${command} --help".`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
