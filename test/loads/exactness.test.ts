import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/contract/report.ts';
import { reloadsItself } from '../../src/languages/index.ts';
import { exactness, type RunFacts } from '../../src/loads/exactness.ts';
import { Loaded } from '../../src/loads/loaded.ts';

const HELLO: ReportLine = ['hello', 1, 1, 'node', '22.20.0'];

const called = (...words: [string, ...string[]]) => ({ name: words[0], words });

function verdict(lines: ReportLine[] | null, facts: Partial<RunFacts> = {}) {
  const loaded = new Loaded('/app');
  for (const line of lines ?? []) loaded.take(line);
  const program = facts.program ?? called('node');
  return exactness({
    loaded: lines === null ? null : loaded,
    phase: 'settled',
    program,
    reloads: reloadsItself({ ...program, cwd: '/app' }),
    builder: null,
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

  it('is not yet known of a ready run whose program has not come to its first file', () => {
    const young = { phase: 'young' } as const;
    expect(verdict([], young)).toEqual({ kind: 'not-yet' });
    expect(verdict([HELLO], young)).toEqual({ kind: 'not-yet' });
    expect(verdict([['quiet', 1, 1, 'package manager']], { ...young, program: null })).toEqual({
      kind: 'not-yet',
    });
    expect(verdict([HELLO, ['load', 1, '/app/a.js', null]], young)).toEqual({ kind: 'exact' });
  });

  it('is not waited for from a program that tells nothing', () => {
    expect(reason([], { phase: 'young', program: called('./server') })).toContain('not a Node');
    expect(reason([], { phase: 'young', program: null })).toContain('none of its processes');
  });

  it('is left alone when it says hello and nothing else', () => {
    expect(verdict([HELLO], { phase: 'starting' })).toEqual({ kind: 'not-yet' });
    expect(verdict([HELLO])).toEqual({ kind: 'own-reload' });
    expect(reason([HELLO], { phase: 'ended' })).toContain('ended before');
  });

  it.each([
    ['nodemon', 'app.js'],
    ['node', '--watch', 'server.js'],
    ['node', '--inspect', '--watch-path=src', 'server.js'],
    ['tsx', 'watch', 'src/server.ts'],
    ['nest', 'start', '--watch'],
    ['nest', 'start', 'api', '-w'],
    ['next'],
    ['next', 'dev', '-p', '3000'],
    ['vite', '--port', '3000'],
    ['astro', 'dev'],
  ])('is left alone when its command watches: %s %s %s', (name, ...args) => {
    expect(verdict([HELLO, ['load', 1, '/app/a.js', null]], { program: called(name, ...args) }).kind).toBe(
      'own-reload',
    );
  });

  it.each([
    ['node', 'server.js', '--watch'],
    ['tsx', 'watch.ts'],
    ['nest', 'start'],
    ['node', '--watchman', 'a.js'],
    ['next', 'start'],
    ['vite', 'preview'],
    ['vite-node', 'server.ts'],
    ['astro', 'preview'],
  ])('is followed when it does not: %s %s %s', (name, ...args) => {
    expect(verdict([HELLO, ['load', 1, '/app/a.js', null]], { program: called(name, ...args) }).kind).toBe(
      'exact',
    );
  });

  it('not, and says why', () => {
    expect(reason(null)).toContain('was not asked');
    expect(verdict([], { phase: 'starting' })).toEqual({ kind: 'not-yet' });
    expect(reason([])).toContain('cleared its environment');
    expect(reason([], { env: { NODE_OPTIONS: '--inspect' } })).toContain('NODE_OPTIONS of its own');
    expect(reason([['quiet', 1, 1, 'package manager']])).toContain('what the package manager starts');
    expect(reason([], { program: called('deno') })).toBe('deno is not a Node, Python or Ruby program');
    // sh -c 'trap "" TERM; while :; do sleep 1; done'
    for (const program of [null, called('bash'), called('done'), called('exit', '0'), called('do', 'x')])
      expect(reason([], { program })).toContain('none of its processes');
  });

  it('is not asked without watching; what it tells nevertheless counts', () => {
    for (const lines of [null, []]) expect(verdict(lines, { watched: false })).toEqual({ kind: 'off' });
    const told = verdict([HELLO, ['load', 1, '/app/a.js', null]], { watched: false });
    expect(told).toEqual({ kind: 'exact' });
  });

  it('not, when it loads more than is kept', () => {
    const loaded = new Loaded('/app');
    loaded.take(HELLO);
    loaded.take(['load', 1, '/app/a.js', null]);
    loaded.cut();
    expect(verdict([], { loaded })).toMatchObject({ kind: 'not-exact' });
  });
});
