import { defineConfig } from 'vitest/config';

const soak = 1_800_000;
const slow = process.env.ORDERFOLD_SOAK ? soak : 120_000;
const quick = process.env.ORDERFOLD_SOAK ? soak : 30_000;

export default defineConfig({
  test: {
    // Much of a test run is waiting for processes and disks.
    maxWorkers: 2,
    projects: [
      { test: { name: 'house', include: ['test/house/**/*.test.ts'] } },
      {
        test: {
          name: 'unit',
          // Pure tests share their modules: loading them anew for every file would take longer than the tests.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/house/**', 'test/**/*.{system,isolated,eventstoredb}.test.ts'],
          testTimeout: quick,
          hookTimeout: quick,
        },
      },
      // They put something else in the place of a module.
      { test: { name: 'isolated', include: ['test/**/*.isolated.test.ts'], testTimeout: slow, hookTimeout: slow } },
      {
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          globalSetup: ['test/support/postgres-server.ts'],
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'eventstoredb',
          include: ['test/**/*.eventstoredb.test.ts'],
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
    ],
  },
});
