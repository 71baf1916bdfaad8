import { defineConfig } from 'vitest/config';

/** Tests that want a real cloud; ./run brings one up for them. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.real.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
