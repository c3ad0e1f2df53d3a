import { describe, expect, it } from 'vitest';
import { addScripts } from '../../../src/config/import/package-scripts.ts';
import { userError } from '../workspace.ts';

const OURS = {
  'start:daemon': 'upkeep start',
  'start:daemon:bg': 'upkeep start --no-wait',
  'stop:daemon': 'upkeep stop',
  'daemon:status': 'upkeep status',
  'daemon:restart': 'upkeep restart',
  'daemon:logs': 'upkeep logs',
};
/** As they stand in a file that is indented by `unit`. */
const lines = (unit: string) =>
  Object.entries(OURS)
    .map(([name, script]) => `${unit}${unit}"${name}": "${script}"`)
    .join(',\n');

describe('the npm scripts', () => {
  it.each([
    [
      'null',
      '{\n  "config": { "port": 1 },\n  "scripts": null,\n  "files": ["a", "b"]\n}\n',
      `{\n  "config": { "port": 1 },\n  "scripts": {\n${lines('  ')}\n  },\n  "files": ["a", "b"]\n}\n`,
    ],
    [
      'no key',
      '{\n    "files": ["a", "b"]\n}\n',
      `{\n    "files": ["a", "b"],\n    "scripts": {\n${lines('    ')}\n    }\n}\n`,
    ],
    [
      'an empty object',
      '{\n\t"scripts": {},\n\t"x": {"y":1}\n}\n',
      `{\n\t"scripts": {\n${lines('\t')}\n\t},\n\t"x": {"y":1}\n}\n`,
    ],
    [
      'others, behind a byte order mark',
      '\uFEFF{\n  "scripts": {\n    "dev": "x"\n  }\n}\n',
      `\uFEFF{\n  "scripts": {\n    "dev": "x",\n${lines('  ')}\n  }\n}\n`,
    ],
    ['an empty file of JSON', '{}', `{\n  "scripts": {\n${lines('  ')}\n  }\n}`],
  ])('come to the place of %s, and leave the rest as it is', (_, source, text) => {
    expect(addScripts(source)).toEqual({ text, added: Object.keys(OURS), kept: [] });
  });

  it('come into a file of one line, too', () => {
    const { text } = addScripts('{"name":"x","scripts":{"dev":"y"},"files":["a"]}');
    expect(JSON.parse(text)).toEqual({ name: 'x', scripts: { dev: 'y', ...OURS }, files: ['a'] });
  });

  it.each([
    [
      '{\n  "config": {},\n  "scripts": ["x"]\n}',
      'package.json:3: scripts: expected an object, found a list',
    ],
    ['{\n  "scripts": "x"\n}', 'package.json:2: scripts: expected an object, found "x"'],
    ['{ "a": {}, "scripts": 0 }', 'package.json:1: scripts: expected an object, found 0'],
    ['[{}]', 'package.json: expected an object, found a list'],
    ['null', 'package.json: expected an object, found null'],
  ])('have no place in %j', async (source, message) => {
    const error = await userError(() => addScripts(source));
    expect(error.message).toBe(`${message} (the npm scripts go there)`);
    expect(error.exitCode).toBe(3);
  });
});
