import { expect, it } from 'vitest';
import { isSuccess } from '../../src/contract/exit.ts';
import { exitOfShellCode } from '../../src/process/exit.ts';

it.each([
  [0, { code: 0 }],
  [1, { code: 1 }],
  [127, { code: 127 }],
  [128, { code: 128 }],
  [129, { signal: 'SIGHUP' }],
  [130, { signal: 'SIGINT' }],
  [134, { signal: 'SIGABRT' }],
  [137, { signal: 'SIGKILL' }],
  [139, { signal: 'SIGSEGV' }],
  [143, { signal: 'SIGTERM' }],
  [255, { code: 255 }],
])('the shell code %d is %o', (code, exit) => {
  expect(exitOfShellCode(code)).toEqual(exit);
});

it('every code is either itself or one signal', () => {
  const told = Array.from({ length: 256 }, (_, code) => exitOfShellCode(code));
  for (const [code, exit] of told.entries()) if ('code' in exit) expect(exit.code).toBe(code);
  const signals = told.flatMap((exit) => ('signal' in exit ? [exit.signal] : []));
  expect(new Set(signals).size).toBe(signals.length);
});

it('only 0 is success', () => {
  expect(
    [{ code: 0 }, { code: 1 }, { signal: 'SIGTERM' }, { unknown: true as const }].map(isSuccess),
  ).toEqual([true, false, false, false]);
});
