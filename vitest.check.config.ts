import { defineConfig } from 'vitest/config';

/** What `npm run check` proves of the package as it would be published. */
export default defineConfig({
  test: {
    include: ['test/check/**/*.check.ts'],
    globalSetup: ['test/check/packed.ts'],
    testTimeout: 240_000,
    // Two compilers at a time are as many as a small machine takes.
    maxWorkers: 2,
  },
});
