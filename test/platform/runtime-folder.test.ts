import { afterEach, expect, it, vi } from 'vitest';
import { UserError } from '../../src/contract/exit-codes.ts';
import { runtimeFolder } from '../../src/platform/runtime-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

it('sockets are in a folder of the user, or where UPKEEP_RUNTIME_DIR says', () => {
  vi.stubEnv('UPKEEP_RUNTIME_DIR', undefined);
  expect(runtimeFolder()).toMatch(/^\/tmp\/upkeep-\d+$/);
  vi.stubEnv('UPKEEP_RUNTIME_DIR', '/run/mine');
  expect(runtimeFolder()).toBe('/run/mine');
});

it.each([
  ['', /is empty/],
  ['run', /"run"/],
  ['./run', /"\.\/run"/],
])('UPKEEP_RUNTIME_DIR=%j is refused in words', (folder, words) => {
  vi.stubEnv('UPKEEP_RUNTIME_DIR', folder);
  expect(runtimeFolder).toThrow(UserError);
  expect(runtimeFolder).toThrow(words);
});
