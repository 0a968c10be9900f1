import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damageCases } from '../conformance/damage-cases.js';
import { createDuckDbEngine } from './index.js';

damageCases('DuckDB', () =>
  createDuckDbEngine({
    memoryLimit: '512MB',
    threads: 2,
    tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')),
  }),
);
