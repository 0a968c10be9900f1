import { defineConfig } from 'vitest/config';

// What needs Spark, which is installed where it is missing.
export default defineConfig({
  test: {
    include: ['start/**/*.spark.spec.ts'],
    environment: 'node',
    testTimeout: 1_200_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
