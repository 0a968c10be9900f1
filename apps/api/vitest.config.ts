import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

export default mergeConfig(
  nodeProject('api'),
  defineConfig({
    // Vite would take graphql's `module` entry and Nest its `main`: two copies, whose types do not know each other.
    resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
    // Some tests start the built processes, to kill them.
    test: { globalSetup: ['test/build.ts'], exclude: [...configDefaults.exclude, '**/*.spark.spec.ts'] },
  }),
);
