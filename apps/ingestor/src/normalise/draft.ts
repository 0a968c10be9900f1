import type { HideReason, PostSource } from '@analytica/domain';
import type { TextEntity } from '@analytica/domain/text';

export type Platform = Exclude<PostSource, 'demo'>;

/** A text with what belongs to it, as delivered. */
export interface DraftText {
  readonly text: string;
  /** Null where the platform says nothing about entities, so that they are to be found in the text. */
  readonly entities: readonly TextEntity[] | null;
  readonly links: readonly string[];
  readonly cashtags: readonly string[];
}

export interface DraftRetweet {
  readonly id: string;
  readonly authorId: string | null;
  readonly authorUsername: string | null;
  /** Epoch ms. */
  readonly createdAt: number | null;
}

/** What one shape of record says about a post, before its text is analysed: the common ground of all shapes. */
export interface PostDraft {
  readonly platform: Platform;
  readonly id: string;
  /** Epoch ms, unshifted. */
  readonly createdAt: number;
  readonly lang: string;
  readonly authorId: string;
  readonly authorUsername: string | null;
  readonly authorFollowers: number | null;
  readonly body: DraftText;
  /** Tags beside the text. */
  readonly extraTags: readonly string[];
  readonly retweet: DraftRetweet | null;
  readonly quoteOf: string | null;
  readonly replyTo: string | null;
  readonly conversationId: string | null;
  readonly editHistoryIds: readonly string[];
  readonly retweetCount: number | null;
  readonly replyCount: number | null;
  readonly likeCount: number | null;
  readonly quoteCount: number | null;
  readonly placeCountry: string | null;
  readonly placeName: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly ruleTags: readonly string[];
  readonly version: string | null;
  /** An update: it hides the versions created before it. */
  readonly supersedes: boolean;
}

export interface Rejected {
  readonly kind: 'rejected';
  readonly reason: string;
  /** The part of the line that this is about, where it is not the whole of it. */
  readonly part?: unknown;
}

/** What an event says of a post or of an author's posts: rows of a tombstone file, before they have a source. Times: epoch ms, unshifted. */
export type DraftRemoval =
  | { readonly kind: 'post-delete'; readonly id: string }
  | ({ readonly kind: 'post'; readonly id: string } & DraftHide)
  | ({ readonly kind: 'author'; readonly authorId: string } & DraftHide)
  | { readonly kind: 'place-of-post'; readonly id: string; readonly at: number }
  | {
      readonly kind: 'place-of-author';
      readonly authorId: string;
      /** Null: of the posts up to `at`. */
      readonly upToId: string | null;
      readonly at: number;
    };

export interface DraftHide {
  readonly at: number;
  readonly hidden: boolean;
  readonly reason: HideReason;
  readonly countries: readonly string[] | null;
}

/** What a shape makes of one record; `part` as in `Rejected`. */
export type Reading =
  | { readonly kind: 'post'; readonly draft: PostDraft; readonly part?: unknown }
  | { readonly kind: 'delete'; readonly platform: Platform; readonly id: string }
  | {
      readonly kind: 'removals';
      readonly platform: Platform;
      readonly removals: readonly [DraftRemoval, ...DraftRemoval[]];
    }
  | { readonly kind: 'not-post' }
  | Rejected;

export const NOT_POST: Reading = { kind: 'not-post' };

export function rejected(reason: string): Rejected {
  return { kind: 'rejected', reason };
}
