import { defineConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

// What `npm run test:long` runs, one file at a time: each test has hours, if its environment says so.
const project = nodeProject('ingestor-long');

export default defineConfig({
  ...project,
  test: { ...project.test, testTimeout: 7_200_000, include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'] },
});
