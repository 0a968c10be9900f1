import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './patience.ts';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.spec.ts'],
    globals: true,
    testTimeout: 5 * PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS, interval: 100 } },
    fileParallelism: false,
    env: { STACK_URL: process.env['BASE_URL'] ?? '' }, // vitest gives BASE_URL a meaning of its own
  },
});
