import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/endurance/**/*.endurance.ts'], testTimeout: 3_600_000, maxConcurrency: 1 },
});
