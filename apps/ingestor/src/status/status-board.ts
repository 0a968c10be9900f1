import { type CaptureState, POST_SOURCES } from '@analytica/domain';
import { type CaptureStatus, RATE_SECONDS, RECENT_POSTS } from '@analytica/domain/contracts';
import type { Manifest } from '@analytica/lake';
import type { RecentEntry } from '../pipeline/prepared-batch.js';
import type { LogState } from '../log/log-state.js';

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
  readonly #notices = new Map<string, string>();
  readonly #perSecond: number[][] = POST_SOURCES.map(() => []);
  #current: number[] = POST_SOURCES.map(() => 0);
  #recent: RecentEntry[] = [];

  constructor(demo: boolean) {
    this.#demo = demo;
  }

  /** One sentence about a part without which capture stands still, or null once it works. @returns whether that is news. */
  problem(part: string, sentence: string | null): boolean {
    return replaced(this.#problems, part, sentence);
  }

  /** One sentence about what does not keep capture from going on, or null once it is well. @returns whether that is news. */
  notice(part: string, sentence: string | null): boolean {
    return replaced(this.#notices, part, sentence);
  }

  /** @param hidden - ids of posts and authors that are hidden from now on: they are shown no more. */
  stored(bySource: readonly number[], recent: readonly RecentEntry[], hidden: readonly string[] = []): void {
    this.#current = this.#current.map((count, index) => count + (bySource[index] ?? 0));
    const ids = new Set(hidden);
    this.#recent = [...[...recent].reverse(), ...this.#recent]
      .filter(({ about }) => !about.some((id) => ids.has(id)))
      .slice(0, RECENT_POSTS);
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
      problem: stopped ?? [...this.#notices.values()][0] ?? null,
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

function replaced(sentences: Map<string, string>, key: string, sentence: string | null): boolean {
  if (sentence === (sentences.get(key) ?? null)) return false;
  if (sentence === null) sentences.delete(key);
  else sentences.set(key, sentence);
  return true;
}

function padded(seconds: readonly number[]): number[] {
  return [...Array.from({ length: RATE_SECONDS - seconds.length }, () => 0), ...seconds];
}
