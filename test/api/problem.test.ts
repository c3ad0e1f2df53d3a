/** The error that a run's last lines tell of. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { problemIn } from '../../src/api/problem.ts';

function folder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-problem-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

const problem = (text: string, root = '/app') => problemIn(text.split('\n'), root);

it('Node: the first frame in the project, with the lines around it', () => {
  const root = folder();
  writeFileSync(join(root, 'web.js'), 'one\ntwo\n\tthrow x;\nfour\nfive\nsix\n');
  const text = `Error [ERR_X]: boom\n    at lib (${root}/node_modules/a/i.js:9:9)\n    at node:internal/main:1:2\n    at run (file://${root}/web.js:3:8)`;
  expect(problem(text, root)).toEqual({
    type: 'Error [ERR_X]',
    message: 'boom',
    file: 'web.js',
    line: 3,
    column: 8,
    frame: ['  1 | one', '  2 | two', '> 3 |   throw x;', '    |         ^', '  4 | four', '  5 | five'],
  });
});

it('a syntax error: the place above it, not the loader that met it', () => {
  const text = `/app/lib/word.cjs:2\nlet = ;\n^\n\nSyntaxError: Unexpected token ';'\n    at wrapSafe (node:internal/x:1:1)\n    at Object.<anonymous> (/app/web.cjs:2:1)`;
  expect(problem(text)).toMatchObject({ type: 'SyntaxError', file: 'lib/word.cjs', line: 2 });
});

it('esbuild, as tsx prints it', () => {
  const text = `Error: Transform failed with 1 error:\n/app/x.ts:3:7: ERROR: Expected ";" but found "b"\n    at failureErrorWithLog (/app/node_modules/esbuild/lib/main.js:1:1)`;
  expect(problem(text)).toMatchObject({
    message: 'Expected ";" but found "b"',
    file: 'x.ts',
    line: 3,
    column: 7,
  });
});

it('Python: the innermost frame in the project', () => {
  const text = `Traceback (most recent call last):\n  File "/app/main.py", line 9, in <module>\n    go()\n  File "/app/go.py", line 4, in go\n  File "/usr/lib/python3/json.py", line 1, in loads\njson.decoder.JSONDecodeError: Expecting value`;
  expect(problem(text)).toMatchObject({
    type: 'json.decoder.JSONDecodeError',
    message: 'Expecting value',
    file: 'go.py',
    line: 4,
  });
});

it('Ruby', () => {
  const text = `/app/web.rb:3:in 'handler': boom (RuntimeError)\n\tfrom /app/web.rb:7:in '<main>'`;
  expect(problem(text)).toMatchObject({ type: 'RuntimeError', message: 'boom', file: 'web.rb', line: 3 });
});

it('words that are no error are none', () => {
  expect(problem('listens on 3000\n0 errors')).toBeNull();
});
