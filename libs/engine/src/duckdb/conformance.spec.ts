import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineConformance, LocalFixtureLakes } from '../conformance/index.js';
import { createDuckDbEngine } from './index.js';

const lakes = new LocalFixtureLakes();

engineConformance(
  'DuckDB',
  () =>
    createDuckDbEngine({
      memoryLimit: '512MB',
      threads: 2,
      tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')),
    }),
  { prepareLake: lakes.prepare, remove: () => lakes.remove() },
);
