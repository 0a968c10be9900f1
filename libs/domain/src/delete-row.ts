import type { PostSource } from './post.js';

/** Why posts are hidden, or, in an event that undoes it, what is undone. */
export const HIDE_REASONS = [
  'deleted',
  'takendown',
  'suspended',
  'protected',
  'deactivated',
  'dropped',
  'withheld',
] as const;
export type HideReason = (typeof HIDE_REASONS)[number];

/** Reasons for which posts leave every file within 24 hours; for the others they leave after 30 days (rule 28). */
export const FINAL_REASONS: readonly HideReason[] = ['deleted', 'takendown'];

/** Content that is withheld everywhere: by a legal demand, or by a claim of copyright. */
export const WITHHELD_EVERYWHERE: readonly string[] = ['XX', 'XY'];

/** A delete (`before` null: every version) or a Bluesky update (`before`: versions created earlier). */
export interface Tombstone {
  readonly source: PostSource;
  readonly id: string;
  readonly before: string | null;
  /** Arrival time of the event. */
  readonly ingested_at: string;
}

interface HideEvent {
  readonly source: PostSource;
  /** The event's own time: of all events of one state the newest counts. */
  readonly at: string;
  readonly hidden: boolean;
  readonly reason: HideReason;
  /** Where a post is withheld, or an author's posts are: ISO 3166-1 alpha-2, or `XX`, `XY`. Null for another reason. */
  readonly countries: readonly string[] | null;
  readonly ingested_at: string;
}

/** A post is hidden, or no longer: this can be undone, a `Tombstone` cannot. */
export interface PostEvent extends HideEvent {
  readonly id: string;
}

/** The posts of an author that were created up to `until` are hidden, or no longer. */
export interface AuthorEvent extends HideEvent {
  readonly author_id: string;
  readonly until: string;
}

/** The place is taken away of a post (`id`), or of the posts of an author up to a post or a time. */
export interface PlaceRemoval {
  readonly source: PostSource;
  readonly id: string | null;
  readonly author_id: string | null;
  /** The author's last post that it is about; null: those created up to `at`. */
  readonly up_to_id: string | null;
  readonly at: string;
  readonly reason: 'scrub_geo';
  readonly ingested_at: string;
}

/** What a delete event writes into the lake: a row of a tombstone file, in its column names; what it lacks is null there. */
export type DeleteRow = Tombstone | PostEvent | AuthorEvent | PlaceRemoval;
