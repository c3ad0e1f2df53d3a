/** Which expressions need a thread of their own. */
import { expect, it } from 'vitest';
import { isPlain } from '../../src/api/search/index.ts';

it.each(['hello', '(?i)hello', 'a\\.b\\(c\\)\\*', '^GET', '[0-9]', '\\\\'])(
  '%s is as costly as the text is long',
  (source) => {
    expect(isPlain(source)).toBe(true);
  },
);

it.each(['(a+)+$', 'a*', 'a?a?a?', 'a|b', 'a{9}', '\\\\+', '(?i)(?:x)'])('%s may cost more', (source) => {
  expect(isPlain(source)).toBe(false);
});
