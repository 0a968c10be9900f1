import { afterAll } from 'vitest';
import { damageCases } from '../conformance/damage-cases.js';
import { createSparkEngine } from './index.js';
import { testPool } from './testing.js';

const { pool, close } = testPool(process.env['LIVY_URL'] ?? '', { maxStatements: 1_000 });
afterAll(close);

damageCases('Spark', () => Promise.resolve(createSparkEngine({ pool })), 900_000);
