import type { Accounting, PostSource } from '@analytica/domain';
import type { Manifest } from '@analytica/lake';
import { type RecentPost, SOURCES } from '../pipeline/prepared-batch.js';

export type CaptureState = 'STARTING' | 'FILLING' | 'LIVE' | 'REPLAYING' | 'IDLE' | 'STOPPED';

/** docs/capture-status.md. */
export interface CaptureStatus {
  readonly state: CaptureState;
  readonly problem: string | null;
  readonly demo: boolean;
  readonly accounting: Accounting;
  readonly rates: readonly { readonly source: PostSource; readonly perSecond: readonly number[] }[];
  readonly recent: readonly RecentPost[];
  readonly progress: number | null;
  readonly posts: number;
  readonly oldest: number | null;
  readonly watermark: number;
}

type Listed = Pick<Manifest, 'files' | 'watermark'>;

const RECENT = 8;
const SECONDS = 60;

/** Collects what the ingestor tells about itself. */
export class StatusBoard {
  progress: number | null = null;
  readonly #demo: boolean;
  readonly #problems = new Map<string, string>();
  readonly #perSecond: number[][] = SOURCES.map(() => []);
  #current: number[] = SOURCES.map(() => 0);
  #recent: RecentPost[] = [];

  constructor(demo: boolean) {
    this.#demo = demo;
  }

  /** One sentence about a part that does not work, or null once it does. @returns whether that is news. */
  problem(part: string, sentence: string | null): boolean {
    if (sentence === (this.#problems.get(part) ?? null)) return false;
    if (sentence === null) this.#problems.delete(part);
    else this.#problems.set(part, sentence);
    return true;
  }

  stored(bySource: readonly number[], recent: readonly RecentPost[]): void {
    this.#current = this.#current.map((count, index) => count + (bySource[index] ?? 0));
    this.#recent = [...[...recent].reverse(), ...this.#recent].slice(0, RECENT);
  }

  /** Ends a second of the rates. */
  tick(): void {
    for (const [index, seconds] of this.#perSecond.entries()) {
      seconds.push(this.#current[index] ?? 0);
      if (seconds.length > SECONDS) seconds.shift();
    }
    this.#current = SOURCES.map(() => 0);
  }

  /** @param pending - records read but not in the log yet: received, too. */
  snapshot(accounting: Accounting, pending: number, manifest: Listed, state: CaptureState): CaptureStatus {
    const { posts, oldest, watermark } = lakeFigures(manifest);
    const problem = [...this.#problems.values()][0] ?? null;
    return {
      state: problem === null ? state : 'STOPPED',
      problem,
      demo: this.#demo,
      accounting: { ...accounting, received: accounting.received + pending, pending },
      rates: SOURCES.map((source, index) => ({ source, perSecond: padded(this.#perSecond[index] ?? []) })).filter(
        ({ perSecond }) => perSecond.some((count) => count > 0),
      ),
      recent: this.#recent,
      progress: this.progress,
      posts,
      oldest,
      watermark,
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
  return [...Array.from({ length: SECONDS - seconds.length }, () => 0), ...seconds];
}
