import { expect, it } from 'vitest';
import { withoutUnseen } from '../../src/mcp/unseen.ts';

it.each([
  ['if (\u202e nimda\u2066) \u061cok', 'if ( nimda) ok'],
  ['ring\u0007 a\u0000b\u009b', 'ring ab'],
  ['\tone\n  two', '\tone\n  two'],
  ['done\r\nnext', 'done\nnext'],
  ['10%\r 20%\r100%\n5%\r6%\r', '100%\n6%'],
  ['日本 👩‍👩‍👧 שלום', '日本 👩‍👩‍👧 שלום'],
])('%j is told as %j', (text, told) => {
  expect(withoutUnseen(text)).toBe(told);
});

it('of all texts of an answer, and leaves the rest as it is', () => {
  const answer = { lines: [{ text: 'a\u202eb', run: 1, time: null }], cut: false };
  expect(withoutUnseen(answer)).toEqual({ lines: [{ text: 'ab', run: 1, time: null }], cut: false });
});
