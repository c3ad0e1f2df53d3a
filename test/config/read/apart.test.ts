import { expect, it, vi } from 'vitest';
import { runApart } from '../../../src/config/read/apart.ts';

it('what is printed meanwhile goes to stderr, and afterwards to stdout again', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const stdout = process.stdout.write;
  try {
    await runApart('upkeep.config.js', async () => process.stdout.write('hello'));
    expect(stderr).toHaveBeenCalledWith('hello');
    await expect(runApart('x', () => Promise.reject(new Error('thrown')))).rejects.toThrow('thrown');
  } finally {
    stderr.mockRestore();
  }
  expect(process.stdout.write).toBe(stdout);
});

it('one that comes to no end is told', async () => {
  const never = () => new Promise<never>(() => undefined);
  await expect(runApart('upkeep.config.js', never, 10)).rejects.toMatchObject({
    exitCode: 3,
    message: 'upkeep.config.js: the configuration has come to no end after 0.01 s.',
  });
});
