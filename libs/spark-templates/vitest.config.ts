import { defineConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

const shared = nodeProject('spark-templates');

// What needs Spark is run by vitest.spark.config.ts.
export default defineConfig({ ...shared, test: { ...shared.test, exclude: ['**/*.spark.spec.ts'] } });
