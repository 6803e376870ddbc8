import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'cli/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: ['tests/browser/**', 'node_modules/**'],
    testTimeout: 60_000,
    // Software adapters take one core for small work.
    maxWorkers: 2,
    // Nothing in the tests leaves anything behind, and importing it all anew for every file takes longer than most.
    isolate: false,
  },
});
