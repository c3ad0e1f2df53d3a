import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { exactness, type RunFacts } from '../../src/loads/exactness.ts';
import { Loaded } from '../../src/loads/loaded.ts';

const HELLO: ReportLine = ['hello', 1, 1, 'node', '22.20.0'];

function verdict(lines: ReportLine[] | null, facts: Partial<RunFacts> = {}) {
  const loaded = new Loaded('/app');
  for (const line of lines ?? []) loaded.take(line);
  return exactness({
    loaded: lines === null ? null : loaded,
    phase: 'settled',
    program: 'node',
    env: {},
    ...facts,
  });
}

const reason = (...args: Parameters<typeof verdict>) => {
  const found = verdict(...args);
  return found.kind === 'not-exact' ? found.reason : found.kind;
};

describe('how exactly it is known what a run loaded', () => {
  it('exactly, when it says so; also when it could not load its first file', () => {
    expect(verdict([HELLO, ['load', 1, '/app/a.js', null]], { phase: 'starting' })).toEqual({
      kind: 'exact',
    });
    expect(verdict([HELLO, ['missing', 1, '/app/a.js', null]], { phase: 'ended' })).toEqual({
      kind: 'exact',
    });
  });

  it('is left alone when it says hello and nothing else', () => {
    expect(verdict([HELLO], { phase: 'starting' })).toEqual({ kind: 'not-yet' });
    expect(verdict([HELLO])).toEqual({ kind: 'own-reload' });
    expect(reason([HELLO], { phase: 'ended' })).toContain('ended before');
  });

  it('not, and says why', () => {
    expect(reason(null)).toContain('was not asked');
    expect(verdict([], { phase: 'starting' })).toEqual({ kind: 'not-yet' });
    expect(reason([])).toContain('cleared its environment');
    expect(reason([], { env: { NODE_OPTIONS: '--inspect' } })).toContain('NODE_OPTIONS of its own');
    expect(reason([['quiet', 1, 1, 'package manager']])).toContain('what the package manager starts');
    expect(reason([], { program: 'deno' })).toBe('deno is not a Node, Python or Ruby program');
    for (const program of [null, 'bash']) expect(reason([], { program })).toContain('none of its processes');
  });

  it('not, when it loads more than is kept', () => {
    const loaded = new Loaded('/app');
    loaded.take(HELLO);
    loaded.take(['load', 1, '/app/a.js', null]);
    loaded.cut();
    expect(verdict([], { loaded })).toMatchObject({ kind: 'not-exact' });
  });
});
