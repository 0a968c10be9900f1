import { type CaptureState, POST_SOURCES } from '@analytica/domain';
import { type CaptureStatus, RATE_SECONDS, RECENT_POSTS } from '@analytica/domain/contracts';
import type { Manifest } from '@analytica/lake';
import type { RecentEntry } from '../pipeline/prepared-batch.js';
import type { LogState } from '../log/log-state.js';

/** One sentence for people, about what does not keep capture from going on. */
export interface Notice {
  readonly sentence: string;
  /** What the sentence is about: it is news when this changes, not with each figure or time in the sentence. */
  readonly cause: string;
  /** Nothing is wrong yet: a notice of what is comes first. */
  readonly isWarning?: boolean;
}

type Listed = Pick<Manifest, 'files' | 'watermark'>;

/** Collects what the ingestor reports about itself. */
export class StatusBoard {
  progress: number | null = null;
  sources: CaptureStatus['sources'] = [];
  log: CaptureStatus['log'] = null;
  lake: CaptureStatus['lake'] = null;
  deadLetters: CaptureStatus['deadLetters'] = [];
  readonly #demo: boolean;
  readonly #problems = new Map<string, string>();
  readonly #notices = new Map<string, Notice>();
  readonly #perSecond: number[][] = POST_SOURCES.map(() => []);
  #current: number[] = POST_SOURCES.map(() => 0);
  #recent: RecentEntry[] = [];

  constructor(demo: boolean) {
    this.#demo = demo;
  }

  /** One sentence about a part without which capture stands still, or null once it works. @returns whether that is news. */
  problem(part: string, sentence: string | null): boolean {
    if (sentence === (this.#problems.get(part) ?? null)) return false;
    if (sentence === null) this.#problems.delete(part);
    else this.#problems.set(part, sentence);
    return true;
  }

  /** One sentence about what does not keep capture from going on, or null once it is well. @returns whether that is news. */
  notice(part: string, notice: string | Notice | null): boolean {
    const before = this.#notices.get(part);
    const now = typeof notice === 'string' ? { sentence: notice, cause: notice } : notice;
    if (now === null) this.#notices.delete(part);
    else this.#notices.set(part, now);
    return now?.cause !== before?.cause;
  }

  /** @param hidden - ids of posts and authors that are hidden from now on: they are shown no more. */
  stored(bySource: readonly number[], recent: readonly RecentEntry[], hidden: readonly string[] = []): void {
    this.#current = this.#current.map((count, index) => count + (bySource[index] ?? 0));
    const ids = new Set(hidden);
    this.#recent = [...[...recent].reverse(), ...this.#recent]
      .filter(({ about }) => !about.some((id) => ids.has(id)))
      .slice(0, RECENT_POSTS);
  }

  get #firstNotice(): Notice | undefined {
    const notices = [...this.#notices.values()];
    return notices.find(({ isWarning = false }) => !isWarning) ?? notices[0];
  }

  /** Ends a second of the rates. */
  tick(): void {
    for (const [index, seconds] of this.#perSecond.entries()) {
      seconds.push(this.#current[index] ?? 0);
      if (seconds.length > RATE_SECONDS) seconds.shift();
    }
    this.#current = POST_SOURCES.map(() => 0);
  }

  /** @param pending - records read but not in the log yet: received, too. */
  snapshot(
    { accounting, repostsWithoutOriginal }: Pick<LogState, 'accounting' | 'repostsWithoutOriginal'>,
    pending: number,
    manifest: Listed,
    state: CaptureState,
  ): CaptureStatus {
    const { posts, oldest, watermark } = lakeFigures(manifest);
    const stopped = [...this.#problems.values()][0] ?? null;
    return {
      state: stopped === null ? state : 'STOPPED',
      problem: stopped ?? this.#firstNotice?.sentence ?? null,
      demo: this.#demo,
      sources: this.sources,
      repostsWithoutOriginal,
      accounting: { ...accounting, received: accounting.received + pending, pending },
      rates: POST_SOURCES.map((source, index) => ({ source, perSecond: padded(this.#perSecond[index] ?? []) })).filter(
        ({ perSecond }) => perSecond.some((count) => count > 0),
      ),
      recent: this.#recent.map(({ post }) => post),
      progress: this.progress,
      posts,
      oldest,
      watermark,
      log: this.log,
      lake: this.lake,
      deadLetters: this.deadLetters,
    };
  }
}

/** What the lake holds, from its list of files. */
export function lakeFigures({ files, watermark }: Listed): {
  posts: number;
  oldest: number | null;
  newest: number | null;
  watermark: number;
} {
  let posts = 0;
  let oldest: number | null = null;
  let newest: number | null = null;
  for (const { rows, minCreatedAt, maxCreatedAt } of files) {
    posts += rows;
    oldest = Math.min(oldest ?? Infinity, minCreatedAt);
    newest = Math.max(newest ?? -Infinity, maxCreatedAt);
  }
  return { posts, oldest, newest, watermark };
}

function padded(seconds: readonly number[]): number[] {
  return [...Array.from({ length: RATE_SECONDS - seconds.length }, () => 0), ...seconds];
}
