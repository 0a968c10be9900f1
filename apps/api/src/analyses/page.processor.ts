import type { AnalysisEngine } from '@analytica/engine';
import { PAGE_BLOCK, pageId, type PageJob } from './analysis.queue.js';
import { tellable } from './analysis.processor.js';
import type { AnalysisStore } from './analysis.store.js';
import type { PageStore } from './page.store.js';

const DEADLINE_MS = 60_000;

/** Fetches a block of rows that lie beyond those of a result. */
export class PageProcessor {
  constructor(
    private readonly store: AnalysisStore,
    private readonly pages: PageStore,
    private readonly engine: AnalysisEngine,
    private readonly shutdown: AbortSignal,
  ) {}

  async process(job: PageJob): Promise<void> {
    const run = await this.store.run(job.runId);
    if (run === null) return; // expired: nobody can ask for it any more
    try {
      const snapshot = await this.store.snapshot(run.snapshot.id);
      const signal = AbortSignal.any([this.shutdown, AbortSignal.timeout(DEADLINE_MS)]);
      const request = { order: job.order, offset: job.block * PAGE_BLOCK, limit: PAGE_BLOCK };
      const page = await this.engine.posts(run.spec, snapshot, request, signal);
      await this.pages.write(pageId(job), { page });
    } catch (error) {
      await this.pages.write(pageId(job), { error: tellable(error) });
    }
  }
}
