import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSpark } from '../../tools/livy/server.ts';
import { ROOT } from '../start/root.ts';
import { failedStep, sum, type Counts } from './outcome.ts';
import { withRedis } from './redis.ts';

const CONFIG = 'vitest.spark.config.ts';
const PROJECTS = ['libs/spark-templates', 'libs/engine', 'apps/api', 'scripts'];

type Vitest = (
  name: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
) => Promise<Counts>;

/** Tests that need Spark: those of each project's own configuration for it. */
export async function sparkSuite(vitest: Vitest): Promise<Counts> {
  const python = ensureSpark();
  const counts: Counts[] = [];
  for (const folder of PROJECTS) {
    counts.push(
      existsSync(join(ROOT, folder, CONFIG))
        ? await withRedis(
            async (redis) =>
              await vitest(
                `spark-${folder.replace(/^.*\//, '')}`,
                folder,
                { SPARK_PYTHON: python, TEST_REDIS_URL: redis },
                ['--config', CONFIG],
              ),
          )
        : failedStep(folder, `There is no ${folder}/${CONFIG}.`),
    );
  }
  return sum(counts);
}
