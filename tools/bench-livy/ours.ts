import type { AnalysisEngine } from '@analytica/engine';
import { createSparkEngine } from '@analytica/engine/spark';
import { SessionPool, type LivyClient } from '@analytica/livy';
import type { BenchLake } from '../bench-analysis/lake.ts';

const IGNORED = { progress: () => Promise.resolve(), partial: () => Promise.resolve() };

/** The client and the engine of this product, as its worker uses them: a pool of warm sessions, an analysis a lease. */
export class Ours {
  readonly #pool: SessionPool;
  readonly #engine: AnalysisEngine;
  readonly #lake: BenchLake;

  private constructor(pool: SessionPool, lake: BenchLake) {
    this.#pool = pool;
    this.#engine = createSparkEngine({ pool, acquireTimeoutMs: 600_000 });
    this.#lake = lake;
  }

  static async start(client: LivyClient, prefix: string, lake: BenchLake, sessions: number): Promise<Ours> {
    const pool = new SessionPool({ client, prefix, min: sessions, max: sessions, maxStatements: 10_000 });
    const ours = new Ours(pool, lake);
    await pool.ready();
    return ours;
  }

  /** How many posts match; everything else that the product shows is counted as well. */
  async analyse(topic: string): Promise<number> {
    const spec = {
      topic,
      interval: { from: this.#lake.from, to: this.#lake.to },
      timeZone: 'UTC',
      includeStopWords: false,
      includeRetweetWords: false,
    };
    const { counts } = await this.#engine.run(spec, this.#lake.snapshot, IGNORED, new AbortController().signal);
    return counts.posts;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#engine.close()]);
  }
}
