/** What is worth another try. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isScarcity, needDescriptors } from '../../src/platform/scarcity.ts';

const failed = (code: string) => Object.assign(new Error(code), { code });

it('is what a machine is out of, also as the cause of another error', () => {
  expect(isScarcity(failed('EMFILE'))).toBe(true);
  expect(isScarcity(Object.assign(new Error('no pipes'), { cause: failed('EAGAIN') }))).toBe(true);
});

it('is not what stays so', () => {
  expect(isScarcity(failed('ENOENT'))).toBe(false);
  expect(isScarcity('EMFILE')).toBe(false);
});

it.runIf(process.platform === 'linux')('leaves no descriptor open, whether there are so many or not', () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  needDescriptors(8);
  // More than any system gives a process (fs.nr_open).
  expect(() => needDescriptors(3_000_000)).toThrow('EMFILE');
  expect(open()).toBe(before);
});
