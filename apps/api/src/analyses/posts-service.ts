import {
  AppError,
  type DisplayPost,
  type EngineName,
  MOST_RETWEETED_KEPT,
  type PostOrder,
  type RetweetedPost,
} from '@analytica/domain';
import type { PostPage } from '@analytica/engine';
import { dataExpired } from '@analytica/lake';
import { PromiseCache } from '../promise-cache.js';
import { withQueue } from '../redis/redis-connections.js';
import { PAGE_BLOCK, pageId, type PageJob } from '../runs/jobs.js';
import type { RunQueues } from '../runs/run-queues.js';
import { type AnalysisRecord, resultName, type StoredRows } from '../runs/run-records.js';
import type { RunStore } from '../runs/run-store.js';
import type { LakeFiles } from '../lake/lake-files.js';
import type { PageReader } from '../runs/page-reader.js';
import { decodeCursor, encodeCursor, indexAfter, newestKey, retweetedKey, type SortKey } from './post-cursor.js';
import { int, PostConnectionModel, type PostEdgeModel, PostModel } from './post-model.js';

export const MAX_PAGE = 100;
/** How long a client waits for rows that a worker must fetch. */
const PAGE_DEADLINE_MS = 20_000;
/** How many unpacked lists of rows are kept for those who scroll; one is about a megabyte. */
const ROWS_KEPT = 8;

/** One row of either list. */
interface Row {
  readonly post: DisplayPost;
  readonly retweeted: RetweetedPost | null;
}

interface Rows {
  readonly rows: readonly Row[];
  /** How many rows the whole list has; null where only the engine knows. */
  readonly total: number | null;
  /** The list is never longer than this. */
  readonly most: number;
  /** Whether a worker can fetch what lies beyond. */
  readonly deeper: boolean;
}

/** Pages of the matched posts: from the rows of the result, and beyond them by a short job on the same snapshot. */
export class PostsService {
  readonly #store: RunStore;
  readonly #pages: PageReader;
  readonly #queues: RunQueues;
  readonly #files: LakeFiles;

  readonly #rows = new PromiseCache<StoredRows | null>(ROWS_KEPT);

  constructor(store: RunStore, pages: PageReader, queues: RunQueues, files: LakeFiles) {
    this.#store = store;
    this.#pages = pages;
    this.#queues = queues;
    this.#files = files;
  }

  async page(
    analysis: AnalysisRecord,
    order: PostOrder,
    first: number,
    after: string | null,
  ): Promise<PostConnectionModel> {
    if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE) {
      throw new AppError('BAD_USER_INPUT', `first is a number of posts from 1 to ${MAX_PAGE}.`);
    }
    const cursor = after === null ? null : decodeCursor(after, order);
    const stored = listOf(await this.#stored(analysis), order);
    const keys = stored.rows.map((row) => keyOf(row));
    let start = 0;
    if (cursor !== null) {
      start = indexAfter(keys, order, cursor.key);
      // Beyond the stored rows an index is exact: only a finished result has handed out such a cursor.
      if (start === keys.length) start = Math.max(start, cursor.index + 1);
    }
    const most = stored.total ?? stored.most;
    // This API never gave out such a cursor: it starts no job.
    if (start >= most) return connection([], start, order, most, most);
    const end = Math.min(start + first, most);
    const rows = stored.rows.slice(start, end);
    const beyond = stored.deeper && (end >= stored.rows.length || stored.total === null);
    const readable = beyond && (await this.#files.areThere(analysis.run.snapshot.id));
    let total = stored.total;
    if (readable && (end > stored.rows.length || total === null)) {
      const deep = await this.#deep(analysis, order, start + rows.length, end);
      rows.push(...deep.rows);
      total = deep.total;
    } else if (beyond && !readable && rows.length === 0) {
      throw dataExpired();
    }
    total ??= stored.rows.length;
    // Once the files are gone, the list ends with the rows that the result carries.
    return connection(rows, start, order, total, stored.deeper && (!beyond || readable) ? total : stored.rows.length);
  }

  async #stored(analysis: AnalysisRecord): Promise<StoredRows> {
    const final = analysis.state.status === 'SUCCEEDED';
    const none: StoredRows = { complete: false, posts: 0, retweetedPosts: 0, newest: [], mostRetweeted: [] };
    if (!final && analysis.state.partials === 0) return none;
    return (
      (await this.#rows.get(resultName(analysis), () => withQueue(() => this.#store.rows(analysis, final)))) ?? none
    );
  }

  async #deep(
    analysis: AnalysisRecord,
    order: PostOrder,
    from: number,
    to: number,
  ): Promise<{ rows: Row[]; total: number }> {
    const rows: Row[] = [];
    let total = 0;
    for (let block = Math.floor(from / PAGE_BLOCK); block <= Math.floor(Math.max(from, to - 1) / PAGE_BLOCK); block++) {
      const page = await this.#block({ runId: analysis.run.id, order, block }, analysis.run.engine);
      total = page.total;
      const offset = block * PAGE_BLOCK;
      const all = rowsOf(page, order);
      rows.push(...all.slice(Math.max(0, from - offset), Math.max(0, to - offset)));
      if (all.length < PAGE_BLOCK) break;
    }
    return { rows, total };
  }

  async #block(job: PageJob, engine: EngineName): Promise<PostPage> {
    const outcome = await this.#pages.read(pageId(job), () => this.#queues.addPage(job, engine), PAGE_DEADLINE_MS);
    if (outcome === null) {
      throw new AppError('ENGINE_FAILED', 'No worker fetched these posts in time. Try again in a moment.', {
        retryable: true,
      });
    }
    if ('page' in outcome) return outcome.page;
    const { code, message, retryable } = outcome.error;
    throw new AppError(code, message, { retryable });
  }
}

function listOf(stored: StoredRows, order: PostOrder): Rows {
  if (order === 'newest') {
    const rows = stored.newest.map((post) => ({ post, retweeted: null }));
    const total = stored.complete ? stored.posts : Math.max(stored.posts, rows.length);
    return { rows, total, most: total, deeper: stored.complete && total > rows.length };
  }
  const rows = stored.mostRetweeted.map((entry) => ({ post: entry.post, retweeted: entry }));
  const total = stored.retweetedPosts ?? (rows.length < MOST_RETWEETED_KEPT ? rows.length : null);
  return { rows, total, most: stored.posts, deeper: stored.complete && (total === null || total > rows.length) };
}

function rowsOf(page: PostPage, order: PostOrder): Row[] {
  return page.posts.map((post, i) => ({
    post,
    retweeted: order === 'newest' ? null : (page.retweeted[i] ?? null),
  }));
}

function keyOf(row: Row): SortKey {
  return row.retweeted === null ? newestKey(row.post) : retweetedKey(row.retweeted);
}

function connection(
  rows: readonly Row[],
  start: number,
  order: PostOrder,
  totalCount: number,
  reachable: number,
): PostConnectionModel {
  const edges: PostEdgeModel[] = rows.map((row, i) => ({
    cursor: encodeCursor({ order, index: start + i, key: keyOf(row) }),
    node: PostModel.of(row.post),
    capturedRetweets: row.retweeted?.capturedRetweets ?? null,
    reportedRetweets: int(row.retweeted?.reportedRetweets ?? null),
  }));
  const hasNextPage = rows.length > 0 && start + rows.length < reachable;
  return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null }, totalCount };
}
