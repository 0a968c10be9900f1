import type { AnalysisEngine, PostPage } from '@analytica/engine';
import { pinSnapshot } from '@analytica/lake';
import type { Log } from '../log.js';
import { PAGE_BLOCK, pageId, type PageJob } from '../runs/run-queues.js';
import { tellable } from './run-processor.js';
import type { RunRecord } from '../runs/run-records.js';
import type { AnalysisStore } from '../runs/run-store.js';
import { isThere, tidiedAway } from '../lake/lake-files.js';
import type { PageStore } from '../runs/page-store.js';

const DEADLINE_MS = 60_000;

/** Fetches a block of rows that lie beyond those of a result. */
export class PageProcessor {
  constructor(
    private readonly store: AnalysisStore,
    private readonly pages: PageStore,
    private readonly engine: AnalysisEngine,
    private readonly shutdown: AbortSignal,
    private readonly log: Log,
  ) {}

  async process(job: PageJob): Promise<void> {
    const run = await this.store.run(job.runId);
    if (run === null) return; // expired: nobody can ask for it any more
    try {
      const signal = AbortSignal.any([this.shutdown, AbortSignal.timeout(DEADLINE_MS)]);
      await this.pages.write(pageId(job), { page: await this.fetch(run, job, signal) });
    } catch (error) {
      this.log.error({ ...job, err: error }, 'a page failed');
      await this.pages.write(pageId(job), { error: tellable(error) });
    }
  }

  private async fetch(run: RunRecord, job: PageJob, signal: AbortSignal): Promise<PostPage> {
    const snapshot = await this.store.snapshot(run.snapshot.id);
    const pin = await pinSnapshot(snapshot, `page ${pageId(job)}`);
    try {
      if (!(await isThere(snapshot))) throw tidiedAway();
      const request = { order: job.order, offset: job.block * PAGE_BLOCK, limit: PAGE_BLOCK };
      return await this.engine.posts(run.spec, snapshot, request, signal);
    } finally {
      await pin.unpin();
    }
  }
}
