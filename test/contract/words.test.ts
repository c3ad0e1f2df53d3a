import { describe, expect, it } from 'vitest';
import type { Cause, ParkReason } from '../../src/contract/facts.ts';
import { describeCause, describeExit, describeReason, explainCause } from '../../src/contract/words.ts';

it('describes exits', () => {
  expect([{ code: 3 }, { signal: 'SIGKILL' }, { unknown: true as const }].map(describeExit)).toEqual([
    'exit 3',
    'SIGKILL',
    'an unknown exit',
  ]);
});

it.each<[Cause, string, string]>([
  [{ kind: 'start', by: 'cli' }, 'start', 'asked for by "upkeep start"'],
  [{ kind: 'restart', by: 'api' }, 'restart (api)', 'asked for through the API'],
  [{ kind: 'start', by: 'dashboard' }, 'start (dashboard)', 'asked for in the dashboard'],
  [{ kind: 'start', by: 'mcp' }, 'start (mcp)', 'asked for by an agent, through MCP'],
  [
    { kind: 'stop', by: 'the removal of the workspace' },
    'stop (the removal of the workspace)',
    'asked for by the removal of the workspace',
  ],
  [{ kind: 'stop', by: 'up' }, 'stop (up)', 'asked for by "upkeep up"'],
  [{ kind: 'edit', files: ['a.js'] }, 'edit a.js', 'a.js changed'],
  [{ kind: 'edit', files: ['a', 'b', 'c', 'd', 'e'] }, 'edit a and 4 more', 'a, b, c and 2 more changed'],
  [{ kind: 'crash', exit: { code: 1 } }, 'crash (exit 1)', 'the run before ended with exit 1'],
  [{ kind: 'dependency', service: 'db' }, 'dependency db', 'on account of db'],
  [{ kind: 'config' }, 'config change', 'its configuration changed'],
  [{ kind: 'boot' }, 'daemon came back', 'the daemon came back and it was wanted'],
  [{ kind: 'boot', machine: true }, 'reboot', 'the machine was started again and it was wanted'],
])('the cause %o is "%s", at length "%s"', (cause, short, long) => {
  expect([describeCause(cause), explainCause(cause)]).toEqual([short, long]);
});

describe('a reason to be parked', () => {
  const taken: ParkReason = {
    kind: 'port-taken',
    port: 3000,
    pid: 42,
    command: 'nc -l 3000',
    workspace: null,
  };

  it.each<[ParkReason, string]>([
    [{ kind: 'failures', count: 5, window: 60_000 }, 'failed 5 times within 60 s, last with exit 1'],
    [taken, 'port 3000 is taken by pid 42 (nc -l 3000)'],
    [{ ...taken, workspace: '/w' }, 'port 3000 is taken by pid 42 (nc -l 3000), of the workspace /w'],
    [{ ...taken, command: null }, 'port 3000 is taken by pid 42'],
    [{ ...taken, pid: null, command: null }, "port 3000 is taken by another user's process"],
    [{ ...taken, isFree: true }, 'port 3000 was taken by pid 42 (nc -l 3000) and is free now'],
    [
      { ...taken, pid: null, command: null, listens: false },
      'port 3000 is in use, though nobody listens on it: by a connection, or by a process that has bound it',
    ],
    [{ kind: 'cannot-start', message: 'no folder' }, 'cannot be started: no folder'],
  ])('%o', (reason, text) => {
    expect(describeReason(reason, { code: 1 })).toBe(text);
  });

  it('does without an exit that nobody saw, and with a command line of any length', () => {
    expect(describeReason({ kind: 'failures', count: 2, window: 1_500 }, null)).toBe(
      'failed 2 times within 1.5 s',
    );
    expect(describeReason({ ...taken, command: 'x'.repeat(9_000) }, null).length).toBeLessThan(200);
  });
});
