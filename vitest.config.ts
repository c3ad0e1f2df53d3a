import { defineConfig } from 'vitest/config';
import { NODES, nodeBinary } from './test/smoke/nodes.ts';

/** All projects share the workers; only black-box tests need the bundle built first. */
export default defineConfig({
  test: {
    pool: 'forks',
    // One process for many files: most of them take less time than a process and its modules would.
    isolate: false,
    maxWorkers: 2,
    watch: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/chaos/{short,interrupted}.test.ts',
            'test/dashboard/*.test.ts',
            'test/e2e/**',
            'test/exact/**',
            'test/rig/**',
            'test/smoke/**',
            'test/tui/**',
            '**/node_modules/**',
          ],
          // Longer than `eventually` waits, so that its words are seen.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [
            'test/chaos/{short,interrupted}.test.ts',
            'test/dashboard/*.test.ts',
            'test/e2e/**/*.test.ts',
            'test/rig/**/*.test.ts',
            'test/tui/**/*.test.ts',
          ],
          globalSetup: ['test/rig/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'exact',
          include: ['test/exact/**/*.test.ts'],
          globalSetup: ['test/rig/global-setup.ts', 'test/exact/programs.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...NODES.map((version) => ({
        extends: true as const,
        test: {
          name: `node-${version}`,
          include: ['test/smoke/**/*.test.ts'],
          globalSetup: ['test/rig/global-setup.ts', 'test/smoke/nodes.ts'],
          env: { UPKEEP_TEST_NODE: nodeBinary(version), UPKEEP_TEST_NODE_VERSION: version },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
});
