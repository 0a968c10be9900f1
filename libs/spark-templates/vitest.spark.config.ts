import { defineConfig } from 'vitest/config';

// What needs Spark: on the Livy server at LIVY_URL, else on the stand-in, which is started for it.
const reports = process.env['TEST_REPORTS'];

export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['@analytica/source'] } },
  test: {
    include: ['src/**/*.spark.spec.ts'],
    globalSetup: ['testing/livy-server.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    reporters: reports === undefined ? ['default'] : ['default', 'json'],
    ...(reports === undefined ? {} : { outputFile: { json: `${reports}/spark-templates-spark.json` } }),
  },
});
