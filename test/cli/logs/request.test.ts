import { describe, expect, it } from 'vitest';
import { type LogsWords, logsRequest } from '../../../src/cli/logs/request.ts';
import { UserError } from '../../../src/contract/exit-codes.ts';

const now = 10_000_000;
const ask = (words: Partial<LogsWords>) => logsRequest({ names: ['web'], ...words }, now);

function refusal(words: Partial<LogsWords>): UserError {
  try {
    ask(words);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('how many lines', () => {
  it.each<[Partial<LogsWords>, number | null]>([
    [{}, 50],
    [{ follow: true }, 50],
    [{ lines: '7' }, 7],
    [{ lines: '0', follow: true }, 0],
    [{ lines: 'all' }, null],
    [{ since: '10m' }, null],
    [{ grep: 'x' }, null],
    [{ sinceRestart: true }, null],
    [{ run: '3', lines: '5' }, 5],
  ])('%j: %j', (words, count) => {
    expect(ask(words).count).toBe(count);
  });
});

it.each<[Partial<LogsWords>, boolean]>([
  [{}, true],
  [{ json: true }, true],
  [{ follow: false }, true],
  [{ follow: true }, false],
  [{ errors: true }, false],
  [{ sinceEdit: true }, false],
  [{ lines: '5', json: true }, false],
  [{ since: '5m' }, false],
  [{ timestamps: true }, false],
  [{ names: ['web'] }, false],
])('without a name, %j lists the logs: %s', (words, lists) => {
  expect(ask({ names: [], ...words }).lists).toBe(lists);
});

it('makes a filter', () => {
  const { filter } = ask({ since: '10m', until: '5m', grep: 'a\\-b', run: '3' });
  expect(filter).toMatchObject({ since: now - 600_000, until: now - 300_000, run: 3 });
  // Refused in unicode mode, and what people type all the same.
  expect(filter.pattern?.source).toBe('a\\-b');
  expect(ask({ sinceRestart: true }).filter).toEqual({ run: 'last' });
});

describe('refuses, and says what and where', () => {
  it.each<[Partial<LogsWords>, string]>([
    [{ lines: 'many' }, '--lines takes a number or "all", not "many".'],
    [{ lines: '' }, '--lines takes a number or "all", not "".'],
    [{ lines: '-5' }, '--lines takes a number or "all", not "-5".'],
    [{ since: 'soon' }, '--since takes a time or a duration, not "soon".'],
    [{ until: '' }, '--until takes a time or a duration, not "".'],
    [{ run: '0' }, '--run takes the number of a run, from 1, not "0".'],
    [{ run: '1', sinceRestart: true }, '--run and --since-restart both choose a run.'],
    [{ follow: true, until: '5m' }, '--follow waits for new lines, --until ends before them.'],
    [{ since: '5m', until: '10m' }, '--since 5m is later than --until 10m.'],
    [{ grep: '' }, '--grep needs a regular expression.'],
  ])('%j', (words, message) => {
    const error = refusal(words);
    expect(error.message).toBe(message);
    expect(error.exitCode).toBe(2);
    expect(error.hint).not.toBeNull();
  });

  it('a run, and names what tells of runs', () => {
    expect(refusal({ run: 'x' }).hint).toContain('upkeep why');
  });

  it.each([
    ['ab(cd', 3],
    ['((a)', 1],
    ['a**b', 3],
    ['ab)', 3],
    ['x[a-', 2],
    ['[z-a]', 1],
    ['tail\\', 5],
  ])('the regular expression %j at position %d', (grep, position) => {
    expect(refusal({ grep }).message).toContain(` at position ${position}: `);
  });
});
