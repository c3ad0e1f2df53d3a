import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One after the other: they are asked all the time, and many of them build. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['frameworks/*.test.ts'],
    globalSetup: ['test/rig/global-setup.ts', 'test/smoke/nodes.ts'],
    pool: 'forks',
    maxWorkers: 1,
    watch: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
