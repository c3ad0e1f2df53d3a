import { expect, it } from 'vitest';
import { standsAlone } from '../../../src/daemon/seamless/alone.ts';

it.each([
  ['Error: listen EADDRINUSE: address already in use :::4000', 900, true],
  ['Error: listen EADDRINUSE: address already in use :::4000', 5_000, true],
  ['Error: listen EADDRINUSE: address already in use :::3000', 900, false],
  ['SqliteError: database is locked', 900, true],
  ['SqliteError: database is locked', 5_000, false],
  ['Error: Found another Vite dev process for this project at http://localhost:3000/ (PID 7).', 5_000, true],
  ["Error: EEXIST: file already exists, open '/app/o.lock'", 900, true],
  ["FileExistsError: [Errno 17] File exists: 'run/web.pid'", 900, true],
  ["Error: EEXIST: file already exists, mkdir '/app/data'", 900, false],
  ['⨯ Another next dev server is already running.', 5_000, true],
  ['Error: another instance is running', 60_000, false],
  ["TypeError: cannot read properties of undefined (reading 'another')", 900, false],
])('%s, after %d ms: %s', (words, lasted, alone) => {
  expect(standsAlone(['starting', words], lasted, [3000])).toBe(alone);
});
