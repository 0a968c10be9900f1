import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['start/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: [...configDefaults.exclude, '**/*.spark.spec.ts'],
    environment: 'node',
    // A slow machine is no fault: what is waited for comes, or never does.
    testTimeout: 480_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
