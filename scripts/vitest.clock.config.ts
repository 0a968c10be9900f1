import { defineConfig } from 'vitest/config';

// What needs another wall clock than this machine's: libfaketime, which is installed where it is missing.
export default defineConfig({
  test: {
    include: ['clock/**/*.clock.spec.ts'],
    environment: 'node',
    testTimeout: 600_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    expect: { poll: { interval: 200 } },
  },
});
