import { availableParallelism, totalmem } from 'node:os';
import type { AnalysisEngine } from '@analytica/engine';
import { createDuckDbEngine } from '@analytica/engine/duckdb';
import type { Config } from './config.js';
import { openEngineFolder } from './worker.folder.js';

/** The engine of a worker, with a temporary folder that is its own and goes with it. */
export async function openEngine(config: Config): Promise<AnalysisEngine> {
  const folder = await openEngineFolder(config.lake.dataDir);
  const megabytes = Math.min(8_192, Math.max(512, Math.round(totalmem() / 2 / 1024 / 1024)));
  const engine = await createDuckDbEngine({
    memoryLimit: config.duckdb.memoryLimit ?? `${String(megabytes)}MB`,
    threads: config.duckdb.threads ?? availableParallelism(),
    tempDirectory: folder.path,
  });
  return {
    name: engine.name,
    run: (...args) => engine.run(...args),
    posts: (...args) => engine.posts(...args),
    async close() {
      await engine.close();
      await folder.close();
    },
  };
}
