import { availableParallelism, totalmem } from 'node:os';
import { type AnalysisEngine, tellWithheld, tolerateDamage } from '@analytica/engine';
import { createDuckDbEngine } from '@analytica/engine/duckdb';
import type { Config } from '../config.js';
import { openEngineFolder } from './engine-folder.js';

const MIB = 1024 ** 2;

/**
 * The embedded engine of a worker, with a temporary folder of its own, which is removed when the engine closes. It may use half of
 * the machine's memory: a quarter to read, and a quarter for matched posts, which the runs of the same time share.
 */
export async function openEngine(config: Config): Promise<AnalysisEngine> {
  const folder = await openEngineFolder(config.lake.dataDir);
  const quarter = totalmem() / 4;
  const megabytes = Math.min(4_096, Math.max(512, Math.round(quarter / MIB)));
  const matchedBytes = Math.min(2_048 * MIB, Math.max(128 * MIB, quarter / config.worker.concurrency));
  const engine = await createDuckDbEngine({
    memoryLimit: config.duckdb.memoryLimit ?? `${String(megabytes)}MB`,
    threads: config.duckdb.threads ?? availableParallelism(),
    tempDirectory: folder.path,
    matchedBytes,
  });
  return tolerateDamage(
    tellWithheld({
      name: engine.name,
      run: (...args) => engine.run(...args),
      posts: (...args) => engine.posts(...args),
      async close() {
        await engine.close();
        await folder.close();
      },
    }),
  );
}
