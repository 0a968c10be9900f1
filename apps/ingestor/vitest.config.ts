import { defineConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

// The tests of the real process, in test/, are a suite of their own: vitest.processes.config.ts.
const project = nodeProject('ingestor');

export default defineConfig({ ...project, test: { ...project.test, include: ['src/**/*.spec.ts'] } });
