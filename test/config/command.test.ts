import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../src/config/command.ts';

describe('splitCommand', () => {
  it.each([
    ['node server.js', ['node', 'server.js']],
    ['  node   a.js\tb ', ['node', 'a.js', 'b']],
    ['node --port=3000 --name=x', ['node', '--port=3000', '--name=x']],
    [`node "my server.js" 'it''s' a"b c"d ''`, ['node', 'my server.js', 'its', 'ab cd', '']],
    [`node 'a $HOME * | b'`, ['node', 'a $HOME * | b']],
    [`node "a * | b"`, ['node', 'a * | b']],
    ['./bin/srv -c conf/x.toml', ['./bin/srv', '-c', 'conf/x.toml']],
    ['node @scope/x:y,z', ['node', '@scope/x:y,z']],
  ])('%j needs no shell', (text, argv) => {
    expect(splitCommand(text)).toEqual({ argv });
  });

  it.each([
    'a | b',
    'a && b',
    'a; b',
    'a > log',
    'node $FILE',
    'node "$FILE"',
    'node `which x`',
    'node *.js',
    'node ?.js',
    'node [ab].js',
    'node ~/x.js',
    'a & b',
    'PORT=3000 node x.js',
    'exec node x.js',
    'cd api',
    'export A',
    'node a\\ b',
    'node x # comment',
    '(a)',
    'a\nb',
  ])('%j needs one', (text) => {
    expect(splitCommand(text)).toEqual({ shell: text });
  });

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['""', 'is empty'],
    [`node "x`, 'has an unclosed " quote'],
    [`echo it's`, "has an unclosed ' quote"],
  ])('%j is a mistake', (text, problem) => {
    expect(splitCommand(text)).toEqual({ problem });
  });

  it('never splits differently from sh', () => {
    const piece = fc.constantFrom(
      'a',
      'b-c',
      '=',
      '--x=1',
      ' ',
      '"',
      "'",
      '*',
      '~',
      '$A',
      '#',
      '\\',
      '.',
      '/',
      '%',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const split = splitCommand(`printf ${pieces.join('')}`);
        if (!('argv' in split)) return;
        const shown = spawnSync('sh', ['-c', `show() { printf '%s\\0' "$@"; }; show ${pieces.join('')}`]);
        expect(shown.stdout.toString()).toBe(`${split.argv.slice(1).join('\0')}\0`);
      }),
      { numRuns: 60 },
    );
  });
});
