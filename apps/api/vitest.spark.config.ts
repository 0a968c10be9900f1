import { defineConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

// What needs Spark: on the Livy server at LIVY_URL, else on the stand-in, which is started for it.
const { ssr, test } = nodeProject('api-spark');

export default defineConfig({
  ...(ssr === undefined ? {} : { ssr }),
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    ...test,
    include: ['test/**/*.spark.spec.ts'],
    globalSetup: ['test/build.ts', '../../libs/spark-templates/testing/livy-server.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
  },
});
