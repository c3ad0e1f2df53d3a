import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeHookEnvironment, quoteNodeOption, splitNodeOptions } from '../../src/hook/environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'upkeep-env-'));
const hook = join(folder, 'a "b" \\ ü.cjs');
writeFileSync(hook, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the environment of a run', () => {
  it('puts the hook before what is there, and names the report', () => {
    const env = nodeHookEnvironment({ NODE_OPTIONS: '--max-old-space-size=99' }, hook, '/r');
    expect(splitNodeOptions(env['NODE_OPTIONS'] as string)).toEqual([
      '--require',
      hook,
      '--max-old-space-size=99',
    ]);
    expect(env['UPKEEP_REPORT']).toBe('/r');
  });

  it('says it once', () => {
    const once = nodeHookEnvironment({ NODE_OPTIONS: ' ' }, hook, '/r');
    expect(nodeHookEnvironment(once, hook, '/r')).toEqual(once);
    const short = { NODE_OPTIONS: `-r ${quoteNodeOption(hook)}` };
    expect(nodeHookEnvironment(short, hook, '/r')['NODE_OPTIONS']).toBe(short.NODE_OPTIONS);
  });

  it.each([
    [{ NODE_OPTIONS: '--experimental-permission --allow-fs-read=*' }, hook, undefined],
    [{}, hook, { argv: ['node', '--permission', 'a.js'] }],
    [{}, hook, { shell: 'PORT=1 node "--permission" a.js' }],
    [{}, join(folder, 'none.cjs'), undefined],
  ])('leaves it alone where the hook would keep the service from starting: %j', (base, path, command) => {
    expect(nodeHookEnvironment(base, path, '/r', command)).toEqual({});
  });

  it('is not put off by a word that is longer', () => {
    expect(nodeHookEnvironment({}, hook, '/r', { shell: 'node a.js --permissions' })).not.toEqual({});
  });

  it('any words come back as they went in', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitNodeOptions(words.map(quoteNodeOption).join(' '))).toEqual(words);
      }),
    );
  });
});
