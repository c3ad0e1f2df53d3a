import { expect, it } from 'vitest';
import { isLocked, lockedInodes } from '../../src/platform/locks.ts';

it('finds the inodes that somebody holds by flock(2)', () => {
  const table = `1: FLOCK  ADVISORY  WRITE 16295 fe:00:2156362 0 EOF
2: POSIX  ADVISORY  WRITE 1 fe:00:77 0 EOF
2: -> FLOCK  ADVISORY  WRITE 9 fe:00:88 0 EOF
`;
  expect([...lockedInodes(table)]).toEqual([2156362]);
});

it('does not know where there is no table', () => {
  expect(isLocked('/', '/does/not/exist')).toBe(null);
});
