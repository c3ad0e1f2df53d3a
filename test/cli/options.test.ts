import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../src/cli/options.ts';
import { ExitCode, UserError } from '../../src/contract/exit-codes.ts';

const DEFINITION = {
  names: { type: 'positional', required: false },
  json: { type: 'boolean' },
  wait: { type: 'boolean', default: true },
  lines: { type: 'string', alias: 'n' },
  follow: { type: 'boolean', alias: 'f' },
  sinceRestart: { type: 'boolean' },
} as const;

function problem(...args: string[]): UserError | null {
  try {
    checkOptions('logs', args, DEFINITION);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

it.each([
  [[]],
  [['web', 'db-*', '@group']],
  [['--json', 'web']],
  [['--no-wait']],
  [['-n', '50']],
  [['-n50']],
  [['--lines=50', '-f']],
  [['--lines', '--json']],
  [['--since-restart']],
  [['--', '--nonsense', '-z']],
  [['-']],
])('%j is fine', (args) => {
  expect(problem(...args)).toBeNull();
});

describe('what is not', () => {
  it.each([
    [['--jsno'], '"upkeep logs" has no option --jsno.', 'Did you mean --json? See "upkeep logs --help".'],
    [
      ['web', '--line=5'],
      '"upkeep logs" has no option --line=5.',
      'Did you mean --lines? See "upkeep logs --help".',
    ],
    [['-z'], '"upkeep logs" has no option -z.', null],
    [['-zzz'], '"upkeep logs" has no option -zzz.', null],
    [['--no-waits'], '"upkeep logs" has no option --no-waits.', null],
    [['-n'], 'The option -n needs a value.', 'See "upkeep logs --help".'],
    [['--lines'], 'The option --lines needs a value.', 'See "upkeep logs --help".'],
  ])('%j', (args, message, hint) => {
    const error = problem(...args);
    expect(error?.message).toBe(message);
    expect(error?.exitCode).toBe(ExitCode.usage);
    if (hint !== null) expect(error?.hint).toBe(hint);
  });

  it('is told of before anything is done, wherever it stands', () => {
    expect(problem('--json', '-n', '5', 'web', '--nope')?.message).toContain('--nope');
  });
});
