import { defineConfig } from 'vitest/config';
import { STATE_TIMEOUT_MS } from './timeouts.ts';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.spec.ts'],
    globals: true,
    testTimeout: 5 * STATE_TIMEOUT_MS,
    hookTimeout: STATE_TIMEOUT_MS,
    expect: { poll: { timeout: STATE_TIMEOUT_MS, interval: 100 } },
    fileParallelism: false,
    env: { STACK_URL: process.env['BASE_URL'] ?? '' }, // vitest gives BASE_URL a meaning of its own
  },
});
