import {
  cellLength,
  MOST_RETWEETED_KEPT,
  NEWEST_KEPT,
  TOP_LIST_LENGTH,
  type AnalysisFigures,
  type AnalysisSpec,
  type DisplayPost,
  type IntervalCell,
  type Post,
  type RankedEntry,
  type RankedList,
  type RetweetedPost,
} from '@analytica/domain';
import { stopWords } from '@analytica/domain/stop-words';
import { matches, parseCanonical } from '@analytica/domain/topic';
import type { FixtureRows } from './fixture.js';
import { isHidden } from './reference-hiding.js';
import { toldPost } from './reference-withheld.js';

/**
 * docs/counting.md, rules 3 and 13 to 17 and 24, read literally over rows in memory: no index, no SQL, nothing shared with an
 * engine but the topic's tree. Slow and plain on purpose.
 */
export interface ReferenceAnswer extends AnalysisFigures {
  readonly newest: readonly DisplayPost[];
  readonly mostRetweeted: readonly RetweetedPost[];
  /** Of all posts that match, not only those kept with a result. */
  readonly allNewest: readonly DisplayPost[];
  readonly allRetweeted: readonly RetweetedPost[];
}

interface Row {
  readonly post: Post;
  readonly created: number;
  readonly file: number;
  readonly place: number;
}

/** Order of the texts' UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** @param scanned - the files that matched posts may come from; originals are looked for in all. */
export function referenceAnswer(rows: FixtureRows, spec: AnalysisSpec, scanned = rows.files): ReferenceAnswer {
  const topic = parseCanonical(spec.topic);
  const all = rowsOf(rows.files);
  const matched = rowsOf(rows.files)
    .filter(({ file }) => scanned.includes(rows.files[file] ?? []))
    .filter(({ created }) => created >= spec.interval.from && created < spec.interval.to)
    .filter(({ post }) => matches(topic, post));
  const live = counting(matched, rows.tombstones);
  const posts = live.map(({ post }) => post);
  const words = (post: Post): string[] => countedWords(post, spec);
  const authors = authorsOf(posts);
  const newest = newestOf(live).map(({ post }) => toldPost(displayed(post), rows.tombstones));
  const retweeted = retweetedOf(live, counting(all, rows.tombstones)).map((row) => ({
    ...row,
    post: toldPost(row.post, rows.tombstones),
  }));
  return {
    counts: {
      posts: posts.length,
      retweets: posts.filter((post) => post.retweet_of !== null).length,
      replies: posts.filter((post) => post.reply_to !== null).length,
      quotes: posts.filter((post) => post.quote_of !== null).length,
      authors: authors.distinct,
      words: posts.reduce((sum, post) => sum + words(post).length, 0),
    },
    hashtags: ranked(posts, (post) =>
      post.tags
        .split(' ')
        .filter((tag) => tag !== '')
        .map((key, index) => ({ key, label: post.hashtags[index] ?? key })),
    ),
    words: ranked(posts, (post) => words(post).map(plain)),
    mentions: ranked(posts, (post) => post.mentions.map(plain)),
    authors,
    domains: ranked(posts, (post) => post.domains.map(plain)),
    cells: cellsOf(live, spec),
    newest: newest.slice(0, NEWEST_KEPT),
    mostRetweeted: retweeted.slice(0, MOST_RETWEETED_KEPT),
    allNewest: newest,
    allRetweeted: retweeted,
  };
}

function rowsOf(files: FixtureRows['files']): Row[] {
  return files.flatMap((posts, file) =>
    posts.map((post, place) => ({ post, created: Date.parse(post.created_at), file, place })),
  );
}

/** Rule 3: the first stored row of each version, of those the newest version; then less what is deleted. */
function counting(rows: readonly Row[], tombstones: FixtureRows['tombstones']): Row[] {
  const stored = [...rows].sort(
    (a, b) => Date.parse(a.post.ingested_at) - Date.parse(b.post.ingested_at) || a.file - b.file || a.place - b.place,
  );
  const versions = new Map<string, Row>();
  for (const row of stored) {
    const key = JSON.stringify([row.post.source, row.post.id, row.post.version]);
    if (!versions.has(key)) versions.set(key, row);
  }
  const winners = new Map<string, Row>();
  for (const row of versions.values()) {
    const key = JSON.stringify([row.post.source, row.post.id]);
    const other = winners.get(key);
    if (
      other === undefined ||
      row.created > other.created ||
      (row.created === other.created && byBytes(row.post.version ?? '', other.post.version ?? '') > 0)
    ) {
      winners.set(key, row);
    }
  }
  return [...winners.values()].filter(({ post }) => !isHidden(post, tombstones));
}

function countedWords(post: Post, spec: AnalysisSpec): string[] {
  if (post.retweet_of !== null && !spec.includeRetweetWords) return [];
  const stops = stopWords(post.lang);
  return post.words.filter((word) => spec.includeStopWords || !stops.has(word));
}

function plain(key: string): { key: string; label: string } {
  return { key, label: key };
}

function commonest(labels: readonly string[]): string | undefined {
  const uses = Map.groupBy(labels, (label) => label);
  return [...uses].sort(([a, as], [b, bs]) => bs.length - as.length || byBytes(a, b))[0]?.[0];
}

function authorKey(post: Post): string {
  return JSON.stringify([post.source, post.author_id]);
}

function ranked(posts: readonly Post[], entriesOf: (post: Post) => { key: string; label: string }[]): RankedList {
  const keys = new Map<string, { posts: Set<Post>; labels: string[]; authors: Set<string> }>();
  for (const post of posts) {
    for (const { key, label } of entriesOf(post)) {
      const known = keys.get(key) ?? { posts: new Set(), labels: [], authors: new Set() };
      known.posts.add(post);
      known.labels.push(label);
      known.authors.add(authorKey(post));
      keys.set(key, known);
    }
  }
  const entries = [...keys].map(([key, of]): RankedEntry => ({
    key,
    label: commonest(of.labels) ?? key,
    posts: of.posts.size,
    uses: of.labels.length,
    authors: of.authors.size,
  }));
  return {
    entries: entries.sort((a, b) => b.posts - a.posts || byBytes(a.key, b.key)).slice(0, TOP_LIST_LENGTH),
    distinct: keys.size,
    postsWith: posts.filter((post) => entriesOf(post).length > 0).length,
  };
}

function authorsOf(posts: readonly Post[]): RankedList {
  const authors = Map.groupBy(posts, authorKey);
  const entries = [...authors.values()].flatMap((own): RankedEntry[] => {
    const [first] = own;
    if (first === undefined) return [];
    const names = own.flatMap((post) => post.author_username ?? []);
    return [
      {
        key: first.author_id,
        label: commonest(names) ?? first.author_id,
        posts: own.length,
        uses: own.length,
        authors: 1,
        source: first.source,
      },
    ];
  });
  entries.sort((a, b) => b.posts - a.posts || byBytes(a.key, b.key) || byBytes(a.source ?? '', b.source ?? ''));
  return { entries: entries.slice(0, TOP_LIST_LENGTH), distinct: authors.size, postsWith: posts.length };
}

function cellsOf(rows: readonly Row[], spec: AnalysisSpec): IntervalCell[] {
  const length = cellLength(spec.interval);
  const cells = Map.groupBy(rows, ({ created }) => Math.floor(created / length) * length);
  return [...cells]
    .map(([start, own]) => ({
      start,
      posts: own.length,
      retweets: own.filter(({ post }) => post.retweet_of !== null).length,
      replies: own.filter(({ post }) => post.reply_to !== null).length,
      quotes: own.filter(({ post }) => post.quote_of !== null).length,
    }))
    .sort((a, b) => a.start - b.start);
}

function newestOf(rows: readonly Row[]): Row[] {
  return [...rows].sort(
    (a, b) => b.created - a.created || byBytes(b.post.id, a.post.id) || byBytes(a.post.source, b.post.source),
  );
}

function retweetedOf(live: readonly Row[], captured: readonly Row[]): RetweetedPost[] {
  const retweets = Map.groupBy(
    newestOf(live).filter(({ post }) => post.retweet_of !== null),
    ({ post }) => JSON.stringify([post.source, post.retweet_of]),
  );
  return [...retweets.values()]
    .flatMap((own): RetweetedPost[] => {
      const newest = own[0]?.post;
      const retweetOf = newest?.retweet_of ?? null;
      if (newest === undefined || retweetOf === null) return [];
      const original = captured.find(({ post }) => post.source === newest.source && post.id === retweetOf);
      const counts = own.flatMap(({ post }) => post.retweet_count ?? []);
      return [
        {
          retweetOf,
          source: newest.source,
          capturedRetweets: own.length,
          reportedRetweets: counts.length === 0 ? null : Math.max(...counts),
          post: original === undefined ? asTold(newest, retweetOf) : displayed(original.post),
        },
      ];
    })
    .sort(
      (a, b) =>
        b.capturedRetweets - a.capturedRetweets || byBytes(a.retweetOf, b.retweetOf) || byBytes(a.source, b.source),
    );
}

/** What a retweet says of an original that was not captured. */
function asTold(retweet: Post, id: string): DisplayPost {
  return {
    ...displayed(retweet),
    id,
    created_at: retweet.retweet_of_created_at ?? retweet.created_at,
    author_id: retweet.retweet_of_author_id ?? '',
    author_username: retweet.retweet_of_author_username,
    retweet_of: null,
    retweet_of_author_id: null,
    retweet_of_author_username: null,
    retweet_of_created_at: null,
    quote_of: null,
    reply_to: null,
    reply_count: null,
    like_count: null,
    quote_count: null,
  };
}

function displayed(post: Post): DisplayPost {
  return {
    id: post.id,
    source: post.source,
    created_at: post.created_at,
    text: post.text,
    lang: post.lang,
    author_id: post.author_id,
    author_username: post.author_username,
    hashtags: post.hashtags,
    mentions: post.mentions,
    urls: post.urls,
    retweet_of: post.retweet_of,
    retweet_of_author_id: post.retweet_of_author_id,
    retweet_of_author_username: post.retweet_of_author_username,
    retweet_of_created_at: post.retweet_of_created_at,
    quote_of: post.quote_of,
    reply_to: post.reply_to,
    retweet_count: post.retweet_count,
    reply_count: post.reply_count,
    like_count: post.like_count,
    quote_count: post.quote_count,
  };
}
