import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.spec.ts'],
    globals: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    env: { STACK_URL: process.env['BASE_URL'] ?? '' }, // vitest gives BASE_URL a meaning of its own
  },
});
