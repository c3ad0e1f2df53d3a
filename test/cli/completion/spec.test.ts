import { expect, it } from 'vitest';
import { commandSpec } from '../../../src/cli/completion/spec.ts';

it('takes options from the definition: aliases, values, what can only be turned off', () => {
  const spec = commandSpec('logs', 'show logs', {
    args: {
      names: { type: 'positional' },
      follow: { type: 'boolean', alias: 'f', description: 'Go on' },
      wait: { type: 'boolean', default: true, description: 'wait', negativeDescription: 'return at once' },
      from: { type: 'string', valueHint: 'a|b', description: 'Source' },
      lines: { type: 'string', alias: ['n'], valueHint: 'N' },
    },
  });
  expect(spec).toMatchObject({ name: 'logs', description: 'show logs', names: '--services', words: [] });
  expect(spec.options).toEqual([
    { flags: ['--follow', '-f'], description: 'Go on', takesValue: false, values: [] },
    { flags: ['--no-wait'], description: 'return at once', takesValue: false, values: [] },
    { flags: ['--from'], description: 'Source', takesValue: true, values: ['a', 'b'] },
    { flags: ['--lines', '-n'], description: '', takesValue: true, values: [] },
    { flags: ['--help'], description: 'Show help', takesValue: false, values: [] },
  ]);
});

it('knows who takes names and who takes shells', () => {
  expect(commandSpec('doctor', '', {}).names).toBe(null);
  expect(commandSpec('completion', '', {}).words).toEqual(['bash', 'zsh', 'fish']);
});
