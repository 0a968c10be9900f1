import {
  type AuthorEvent,
  type DeleteRow,
  HOUR_MS,
  type Post,
  type PostEvent,
  type PostSource,
  type Tombstone,
} from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';

/** Rows for a lake: each file in the order of storing, its rows of one arrival hour in the order of the file. */
export interface FixtureRows {
  readonly files: readonly (readonly Post[])[];
  readonly tombstones: readonly DeleteRow[];
  /** The import of each file, null for a captured one; without it, all are captured. */
  readonly importNames?: readonly (string | null)[];
}

/** Stores rows where an engine can read them. */
export type PrepareLake = (rows: FixtureRows) => Promise<Snapshot>;

/** A Monday, 00:00 UTC. */
export const START = Date.UTC(2026, 2, 2);

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a fixture states of a post; the rest follows from it. */
export interface PostFacts {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Arrival, epoch milliseconds; default: a second later. */
  readonly arrived?: number;
  readonly source?: PostSource;
  /** Folded tokens; they are the words as well, unless `words` says otherwise. */
  readonly tokens?: readonly string[];
  readonly words?: readonly string[];
  /** Hashtags as spelled; folded by lower case. */
  readonly hashtags?: readonly string[];
  readonly mentions?: readonly string[];
  readonly domains?: readonly string[];
  readonly author?: string;
  readonly username?: string | null;
  readonly lang?: string;
  readonly retweetOf?: string;
  /** Null where the platform did not say. */
  readonly retweetOfAuthor?: string | null;
  /** Epoch milliseconds; null where the platform did not say. */
  readonly retweetOfAt?: number | null;
  readonly replyTo?: string;
  readonly quoteOf?: string;
  readonly retweetCount?: number | null;
  readonly version?: string;
  readonly text?: string;
}

function joined(tokens: readonly string[]): string {
  return tokens.length === 0 ? ' ' : ` ${tokens.join(' ')} `;
}

/** A whole row of the lake from a few facts. */
export function fixturePost(facts: PostFacts): Post {
  const tokens = facts.tokens ?? ['cat'];
  const hashtags = facts.hashtags ?? [];
  const tags = hashtags.map((tag) => tag.toLowerCase());
  const mentions = facts.mentions ?? [];
  const domains = facts.domains ?? [];
  const author = facts.author ?? 'a1';
  const isRetweet = facts.retweetOf !== undefined;
  const retweetOfAt = facts.retweetOfAt ?? null;
  const text = facts.text ?? tokens.join(' ');
  return {
    id: facts.id,
    source: facts.source ?? 'x',
    created_at: iso(facts.at),
    ingested_at: iso(facts.arrived ?? facts.at + 1_000),
    text,
    text_clean: text,
    lang: facts.lang ?? 'und',
    author_id: author,
    author_username: facts.username === undefined ? `name-${author}` : facts.username,
    author_followers: null,
    hashtags,
    mentions,
    urls: domains.map((domain) => `https://${domain}/1`),
    domains,
    cashtags: [],
    emojis: [],
    terms: joined([...tokens, ...tags, ...mentions.map((name) => `@${name}`)]),
    tags: joined(tags),
    words: facts.words ?? [...tokens, ...tags],
    retweet_of: facts.retweetOf ?? null,
    retweet_of_author_id: isRetweet
      ? facts.retweetOfAuthor === undefined
        ? 'original-author'
        : facts.retweetOfAuthor
      : null,
    retweet_of_author_username: isRetweet ? 'original' : null,
    retweet_of_created_at: retweetOfAt === null ? null : iso(retweetOfAt),
    quote_of: facts.quoteOf ?? null,
    reply_to: facts.replyTo ?? null,
    conversation_id: null,
    edit_history_ids: [],
    retweet_count: facts.retweetCount ?? null,
    reply_count: 1,
    like_count: 2,
    quote_count: null,
    place_country: null,
    place_name: null,
    lat: null,
    lon: null,
    rule_tags: [],
    ingest_path: 'replay',
    normalizer: 1,
    schema_version: 1,
    version: facts.version ?? null,
  };
}

/** A delete, or with `before` (epoch ms) the trace of an update. */
export function fixtureTombstone(source: PostSource, id: string, before: number | null = null): Tombstone {
  return { source, id, before: before === null ? null : iso(before), ingested_at: iso(START + 200 * HOUR_MS) };
}

/** What a fixture states of an event that hides posts, or shows them again. Times are epoch milliseconds. */
export interface EventFacts {
  readonly at: number;
  readonly hidden?: boolean;
  readonly reason?: PostEvent['reason'];
  /** Of what is withheld; default: everywhere where it hides, else in one country. */
  readonly countries?: readonly string[];
}

/** An event of a post. */
export function fixturePostEvent(source: PostSource, id: string, facts: EventFacts): PostEvent {
  return { source, id, ...hideEvent(facts) };
}

/** An event of an author, about all posts up to it. */
export function fixtureAuthorEvent(source: PostSource, author_id: string, facts: EventFacts): AuthorEvent {
  return { source, author_id, until: iso(facts.at), ...hideEvent(facts) };
}

function hideEvent(facts: EventFacts): Omit<PostEvent, 'source' | 'id'> {
  const { at, hidden = true, reason = 'suspended', countries = [hidden ? 'XX' : 'DE'] } = facts;
  return {
    at: iso(at),
    hidden,
    reason,
    countries: reason === 'withheld' ? countries : null,
    ingested_at: iso(START + 200 * HOUR_MS),
  };
}

/** Posts in one file for each arrival hour, in the order given within it. */
export function byArrivalHour(posts: readonly Post[], tombstones: readonly DeleteRow[] = []): FixtureRows {
  const hours = Map.groupBy(posts, (post) => Math.floor(Date.parse(post.ingested_at) / HOUR_MS));
  return { files: [...hours].sort(([a], [b]) => a - b).map(([, rows]) => rows), tombstones };
}
