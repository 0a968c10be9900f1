import type { AnalysisEngine, PostPage } from '@analytica/engine';
import { type LakeLocation, pinSnapshot } from '@analytica/lake';
import type { Log } from '../log.js';
import { PAGE_BLOCK, pageId, type PageJob } from '../runs/jobs.js';
import { publicError } from './run-processor.js';
import type { RunRecord } from '../runs/run-records.js';
import type { RunStore } from '../runs/run-store.js';
import type { SnapshotStore } from '../runs/snapshot-store.js';
import type { PageOutcome, PageStore } from '../runs/page-store.js';

const DEADLINE_MS = 60_000;

export interface PageProcessorParts {
  readonly store: RunStore;
  readonly snapshots: SnapshotStore;
  readonly pages: PageStore;
  readonly engine: AnalysisEngine;
  /** Where its pins go. */
  readonly lake: LakeLocation;
  readonly shutdown: AbortSignal;
  readonly log: Log;
}

/** Fetches a block of rows that lie beyond those of a result. */
export class PageProcessor {
  readonly #parts: PageProcessorParts;

  constructor(parts: PageProcessorParts) {
    this.#parts = parts;
  }

  async process(job: PageJob): Promise<void> {
    const run = await this.#parts.store.run(job.runId);
    if (run === null) return; // it has expired: no client can ask for it any more
    try {
      const signal = AbortSignal.any([this.#parts.shutdown, AbortSignal.timeout(DEADLINE_MS)]);
      await this.#write(job, { page: await this.#fetch(run, job, signal) });
    } catch (error) {
      this.#parts.log.error({ ...job, err: error }, 'a page failed');
      await this.#write(job, { error: publicError(error) });
    }
  }

  async #write(job: PageJob, outcome: PageOutcome): Promise<void> {
    const { pages, store } = this.#parts;
    const seconds = await store.secondsLeft(job.runId);
    if (seconds > 0) await pages.write(pageId(job), outcome, seconds);
  }

  async #fetch(run: RunRecord, job: PageJob, signal: AbortSignal): Promise<PostPage> {
    const snapshot = await this.#parts.snapshots.get(run.snapshot.id);
    const pin = await pinSnapshot(this.#parts.lake, snapshot, `page ${pageId(job)}`);
    try {
      const request = { order: job.order, offset: job.block * PAGE_BLOCK, limit: PAGE_BLOCK };
      return await this.#parts.engine.posts(run.spec, snapshot, request, signal);
    } finally {
      await pin.unpin();
    }
  }
}
