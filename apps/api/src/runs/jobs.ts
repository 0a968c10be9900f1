import type { EngineName, PostOrder } from '@analytica/domain';

/** Each engine has queues of its own, so that long work of one never stands in the way of the other. */
export const RUNS_QUEUE: Readonly<Record<EngineName, string>> = { embedded: 'runs', cluster: 'cluster-runs' };
export const PAGES_QUEUE: Readonly<Record<EngineName, string>> = { embedded: 'pages', cluster: 'cluster-pages' };

/** What a worker needs to know; everything else it reads from the store, so that a retry sees the newest. */
export interface RunJob {
  readonly runId: string;
}

export interface PageJob {
  readonly runId: string;
  readonly order: PostOrder;
  /** Which block of `PAGE_BLOCK` rows. */
  readonly block: number;
}

/** Rows that one page job fetches: a reader who scrolls causes one job in five pages or more. */
export const PAGE_BLOCK = 500;

/** The id of a page, and of its job. */
export function pageId(job: PageJob): string {
  return `${job.runId}-${job.order}-${job.block}`;
}
