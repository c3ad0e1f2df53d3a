import { describe, expect, it, vi } from 'vitest';
import { ExitCode, UserError } from '../../src/contract/exit-codes.ts';

describe('UserError', () => {
  it('is known in a bundle that has its own copy of the class', async () => {
    vi.resetModules();
    const copy = await import('../../src/contract/exit-codes.ts');
    expect(copy.UserError).not.toBe(UserError);
    expect(new UserError(ExitCode.usage, 'x') instanceof copy.UserError).toBe(true);
    expect(new Error('x') instanceof copy.UserError).toBe(false);
    expect((null as unknown) instanceof copy.UserError).toBe(false);
  });
});
