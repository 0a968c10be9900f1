import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@analytica/source'] } },
  test: { include: ['src/**/*.spec.ts'], environment: 'node' },
});
