import { defineConfig } from 'vitest/config';

/** Halves the time that a test file takes to load the database's modules. */
const execArgv = ['--import', new URL('./db/src/lean-drizzle.ts', import.meta.url).href];

/** Files that measure what memory their process uses: each is alone in one. */
const measuring = ['**/*-memory.int.test.ts', '**/*-clients.int.test.ts', '**/get-audit.int.test.ts'];

/**
 * The files that a worker runs one after the other share a process, and with it the modules that they load: for those of the
 * api's downloads, that saved a third of the processor. What a test changes in the process (its clock, its environment, what it spies on) it puts back.
 */
const isolate = false;

/**
 * Six projects: `unit` (no I/O), `int` (one package against real services), `memory` (those of them that measure it), `e2e` (what
 * crosses packages), `browser` (the screens, in a real one), and, on its own by `npm run test:archives`, `archives` (every
 * program reads every kind of archive).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'db/**/*.test.ts',
            'services/**/*.test.ts',
            'test/**/*.test.ts',
            'dashboard/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.int.test.ts', '**/*.e2e.test.ts', '**/*.{archives,browser}.test.ts'],
          isolate,
          // A machine that others use, too, takes several times as long for a picture as one of its own.
          testTimeout: 30_000,
          // As `int` and `e2e`: with the default, one less than the cores, the unit tests would wait for theirs and run alone.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'int',
          include: [
            'packages/**/*.int.test.ts',
            'db/**/*.int.test.ts',
            'services/**/*.int.test.ts',
            'bench/**/*.int.test.ts',
          ],
          exclude: ['**/node_modules/**', ...measuring],
          globalSetup: ['test/harness/global-postgres.ts'],
          execArgv,
          isolate,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'memory',
          include: measuring,
          exclude: ['**/node_modules/**'],
          globalSetup: ['test/harness/global-postgres.ts'],
          execArgv,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['test/harness/global-postgres.ts'],
          execArgv,
          isolate,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.browser.test.ts'],
          isolate,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'archives',
          include: ['test/archives/**/*.archives.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
