import { defineConfig } from 'vitest/config';

// The contract suite: needs LIVY_URL. Two files at a time, as much of it is waiting: up to six small drivers at once.
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['@analytica/source'] } },
  test: {
    include: ['contract/**/*.contract.spec.ts'],
    globalSetup: ['contract/global-setup.ts'],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
