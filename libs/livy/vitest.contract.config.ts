import { defineConfig } from 'vitest/config';

// The contract suite: needs LIVY_URL. One file at a time, one driver or two at a time.
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['@analytica/source'] } },
  test: {
    include: ['contract/**/*.contract.spec.ts'],
    globalSetup: ['contract/global-setup.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
