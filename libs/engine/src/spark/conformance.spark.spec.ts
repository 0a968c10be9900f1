import { afterAll, describe } from 'vitest';
import { engineConformance, LocalFixtureLakes } from '../conformance/index.js';
import { createSparkEngine } from './index.js';
import { testPool } from './testing.js';

const { pool, close } = testPool(process.env['LIVY_URL'] ?? '', { maxStatements: 1_000 });
afterAll(close);

// Small matched sets are counted in the driver, large ones by Spark: both count alike.
for (const [how, heldRows] of [
  ['counting in the driver', 50_000],
  ['aggregating in Spark', 0],
] as const) {
  const lakes = new LocalFixtureLakes();
  describe(how, { timeout: 900_000 }, () => {
    engineConformance(`Spark, ${how},`, () => Promise.resolve(createSparkEngine({ pool, heldRows })), {
      prepareLake: lakes.prepare,
      remove: () => lakes.remove(),
      randomLakes: heldRows === 0 ? 2 : 4,
      isOtherWay: heldRows === 0,
      timeoutMs: 900_000,
    });
  });
}
