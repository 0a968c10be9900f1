import type { DeleteRow, IngestPath, Post, PostSource, Tombstone } from '@analytica/domain';

export interface NormaliseContext {
  /** Arrival time, epoch ms. */
  readonly arrivedAt: number;
  readonly path: IngestPath;
  /** Overrides the platform that the line's shape tells; null keeps it. */
  readonly source: PostSource | null;
  /** Added to every `created_at`, ms. */
  readonly shiftMs: number;
  /** Names of authors, by author id, that the source knows though no line says them. */
  readonly handles?: ReadonlyMap<string, string> | undefined;
}

/** What one record became. A line holds one record, but for a page of X v2, which holds one for each post. */
export type Normalised =
  | {
      readonly kind: 'post';
      readonly post: Post;
      readonly supersedes: Tombstone | null;
      /** A repost: text and what belongs to it are those of its original, which whoever logs it looks up. */
      readonly awaitsOriginal: boolean;
      /** Its own bytes of the line, for a dead letter: a page holds more than the post. */
      readonly raw: () => Buffer;
    }
  | { readonly kind: 'delete'; readonly tombstone: Tombstone }
  /** One delete event, and what it writes: mostly one row. */
  | { readonly kind: 'removals'; readonly rows: readonly [DeleteRow, ...DeleteRow[]] }
  | { readonly kind: 'not-post' }
  | {
      readonly kind: 'dead-letter';
      readonly raw: Buffer;
      readonly stage: 'decode' | 'parse' | 'normalise' | 'store';
      readonly reason: string;
    };
