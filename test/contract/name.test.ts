import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../src/contract/name.ts';

describe('nameProblem', () => {
  it.each([
    'web',
    'web-server',
    'api_2',
    'a.b',
    'a:b',
    'a@b',
    'my api',
    'Ünïcode',
    '服务',
    'सेवा',
    'é',
    'x'.repeat(100),
  ])('%j is a name', (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  const outside =
    'a name cannot contain "/" or "\\": logs and run folders are named after it, and it must not lead out of them';
  const pattern = 'a name cannot contain the characters of a pattern (* ? [ ] { } ( ) !)';
  const letters = 'a name has letters, digits, "_", "-", ".", ":", "@" and inner spaces only';
  it.each([
    ['', 'a name cannot be empty'],
    ['../x', outside],
    ['..', outside],
    ['a\\b', outside],
    ['.hidden', 'a name cannot start with "."'],
    ['-x', 'a name cannot start with "-"'],
    ['@a', 'a name cannot start with "@": that means a group, where services are chosen'],
    [' a', 'a name cannot start or end with a space'],
    ['a ', 'a name cannot start or end with a space'],
    ['é'.repeat(51), 'a name can have 100 bytes at most, this one has 102'],
    ['a*', pattern],
    ['a[1]', pattern],
    ['!a', pattern],
    ['a\nb', letters],
    ['a\0b', letters],
    ['a\tb', letters],
    ['a\u202eb', letters],
    ['a$b', letters],
    ['a,b', letters],
  ])('%j is none', (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });
});
