/** The fault machine must see what is wrong with a log, or its zeros mean nothing. */
import { describe, expect, it } from 'vitest';
import { type LogText, readLines as read } from '../../chaos/observe/lines.ts';

const line = (number: number, id = '7-70') => `${id} ${number} xxx\n`;
const nobody = () => false;
const here = (text: string): LogText => ({ text, isRemoved: false });
const removed = (text: string): LogText => ({ text, isRemoved: true });
const readLines = (texts: readonly string[], killed: (id: string) => boolean) =>
  read(texts.map(here), killed);

it('finds nothing wrong with lives that take turns, over several files', () => {
  const texts = [line(1) + line(1, '8-80') + line(2), line(2, '8-80') + line(3)];
  expect(readLines(texts, nobody)).toMatchObject({
    total: 5,
    lost: 0,
    doubled: 0,
    garbled: [],
    problems: [],
  });
});

it('does not count a line that is still being written', () => {
  expect(readLines([`${line(1)}7-70 2 x`], nobody)).toMatchObject({ total: 1, problems: [] });
});

it.each([
  ['lost', line(1) + line(4), { lost: 2 }],
  ['doubled', line(1) + line(2) + line(2), { doubled: 1 }],
  ['in the wrong order', line(2) + line(1), { lost: 1, doubled: 1 }],
  ['cut into', `${line(1)}7-70 2\n${line(3)}`, { lost: 1, garbled: ['7-70 2'] }],
  ['mixed with another', `${line(1)}7-70 2 xx7-70 3 xxx\n`, { garbled: ['7-70 2 xx7-70 3 xxx'] }],
])('finds lines %s', (_, text, found) => {
  const { problems, ...counts } = readLines([text], nobody);
  expect(problems.length).toBeGreaterThan(0);
  expect(counts).toMatchObject(found);
});

it('takes half a line of one that was killed for what it is', () => {
  const text = `${line(1)}7-70 2\n${line(1, '8-80')}`;
  expect(readLines([text], (id) => '7-70'.startsWith(id)).problems).toEqual([]);
});

describe('after a file that was removed', () => {
  it.each([
    ['the log goes on', line(1) + line(2), line(3), 3],
    ['what it held may stand once more', line(1) + line(2), line(2) + line(3), 3],
    ['a line may have been cut between the two', `${line(1)}7-70 2 x`, `x\n${line(3)}`, 3],
    ['a line may begin in what is copied again', line(1) + line(2), `x\n${line(3)}`, 3],
  ])('%s', (_, before, after, total) => {
    expect(read([removed(before), here(after)], nobody)).toMatchObject({ total, problems: [] });
  });

  it.each([
    ['lost', line(1), line(3), { lost: 1 }],
    ['doubled', line(1), line(2) + line(2), { doubled: 1 }],
    ['garbled', line(1), `${line(2)}xx\n`, { garbled: ['xx'] }],
  ])('finds lines %s', (_, before, after, found) => {
    expect(read([removed(before), here(after)], nobody)).toMatchObject(found);
  });
});
