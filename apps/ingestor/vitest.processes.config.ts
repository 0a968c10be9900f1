import { defineConfig } from 'vitest/config';
import { nodeProject } from '../../vitest.shared.js';

const project = nodeProject('ingestor-processes');

export default defineConfig({ ...project, test: { ...project.test, include: ['test/*.spec.ts'] } });
