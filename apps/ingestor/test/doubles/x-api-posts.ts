import { readFileSync } from 'node:fs';

/** A post as the double holds it. */
export interface DoublePost {
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly text: string;
  readonly lang: string;
  /** The post, as it stands in `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly includes: Readonly<Record<string, readonly unknown[]>>;
}

/** Gives posts, one after the other; null once there are no more. */
export type PostSupply = (now: number) => DoublePost | Buffer | null;

const SNOWFLAKE_EPOCH = 1_288_834_974_657n;
const TEXTS: readonly (readonly [lang: string, text: string])[] = [
  ['en', 'Coffee before the train ☕️ #coffee'],
  ['ja', '今日は東京でコーヒーを飲む 😀 #東京'],
  ['fr', 'Un café crème, s’il vous plaît 🥐 #café'],
  ['ko', '오늘은 커피가 맛있다 👩‍💻 #커피'],
  ['es', 'La lluvia no para en Bogotá 🌧️ #lluvia'],
  ['de', 'Ein Kaffee für zwei, bitte &amp; danke 🇩🇪 #Kaffee'],
  ['ar', 'قهوة الصباح 🧿 #قهوة'],
  ['zh', '早上好，喝杯咖啡 🫖 #咖啡'],
];

/** The id of the n-th post of a millisecond. */
export function idAt(time: number, n: number): string {
  return (((BigInt(time) - SNOWFLAKE_EPOCH) << 22n) | BigInt(n & 0x3f_ffff)).toString();
}

/** Endless posts in many scripts: originals, retweets, replies and quotes, some with a place, one in nine a long one. */
export function generatedPosts(seed = 1): PostSupply {
  let n = 0;
  return (now) => {
    n += 1;
    return generatedPost(seed * 1_000_003 + n, now);
  };
}

export function generatedPost(n: number, createdAt: number): DoublePost {
  const id = idAt(createdAt, n);
  const [lang, base] = TEXTS[n % TEXTS.length] ?? ['en', 'post'];
  const text = `${base} @user${String(n % 50)} ${String(n)}`;
  const author = userOf(n % 997);
  const users: unknown[] = [author];
  const tweets: unknown[] = [];
  const places: unknown[] = [];
  let data: Record<string, unknown> = postOf(id, text, lang, author.id, createdAt);
  if (n % 5 === 0) {
    const original = userOf((n % 83) + 1000);
    const originalId = idAt(createdAt - 60_000, n % 20);
    users.push(original);
    tweets.push(postOf(originalId, text, lang, original.id, createdAt - 60_000));
    data = {
      ...postOf(id, `RT @${original.username}: ${text}`.slice(0, 140), lang, author.id, createdAt),
      referenced_tweets: [{ type: 'retweeted', id: originalId }],
    };
  } else if (n % 7 === 0) data['referenced_tweets'] = [{ type: 'replied_to', id: idAt(createdAt - 90_000, n) }];
  else if (n % 9 === 0)
    data['note_tweet'] = { text: `${text} ${'and so on … '.repeat(30)}`, entities: entitiesOf(text) };
  if (n % 11 === 0) {
    data['geo'] = { place_id: 'a6c257c61f294ec1' };
    places.push({ id: 'a6c257c61f294ec1', full_name: 'Greensboro, NC', name: 'Greensboro', country_code: 'US' });
  }
  const includes = { users, ...(tweets.length > 0 ? { tweets } : {}), ...(places.length > 0 ? { places } : {}) };
  return { id, createdAt, text, lang, data, includes };
}

function postOf(id: string, text: string, lang: string, authorId: string, createdAt: number): Record<string, unknown> {
  return {
    author_id: authorId,
    conversation_id: id,
    created_at: new Date(createdAt).toISOString(),
    edit_history_tweet_ids: [id],
    entities: entitiesOf(text),
    id,
    lang,
    public_metrics: { retweet_count: 1, reply_count: 0, like_count: 2, quote_count: 0 },
    text,
  };
}

/** Offsets in code points, as X counts them. */
function entitiesOf(text: string): unknown {
  const spans = (pattern: RegExp): { start: number; end: number; name: string }[] =>
    [...text.matchAll(pattern)].map((match) => {
      const start = Array.from(text.slice(0, match.index)).length;
      return { start, end: start + Array.from(match[0]).length, name: match[0].slice(1) };
    });
  return {
    hashtags: spans(/#[\p{L}\p{N}_]+/gu).map(({ start, end, name }) => ({ start, end, tag: name })),
    mentions: spans(/@[A-Za-z0-9_]+/g).map(({ start, end, name }) => ({ start, end, username: name, id: '1' })),
  };
}

function userOf(n: number): { id: string; username: string; name: string; public_metrics: unknown } {
  const id = String(2_000_000 + n);
  return { id, username: `author${String(n)}`, name: `Author ${String(n)}`, public_metrics: { followers_count: n } };
}

/** The posts of files of X v2 pages and stream lines, as stream lines; what is no page is given as it stands. */
export function postsOfFiles(paths: readonly string[]): PostSupply {
  const items = paths.flatMap((path) => {
    const text = readFileSync(path);
    return linesOf(text).flatMap((line): (DoublePost | Buffer)[] => {
      const page = pageOf(line);
      return page === null ? [line] : page.data.map((data) => asPost(data, page.includes));
    });
  });
  let at = 0;
  return () => items[at++] ?? null;
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

type Item = Readonly<Record<string, unknown>>;
type Includes = Readonly<Record<string, readonly Item[]>>;

function pageOf(line: Buffer): { readonly data: readonly Item[]; readonly includes: Includes } | null {
  try {
    const { data, includes } = JSON.parse(line.toString()) as { data?: unknown; includes?: Includes };
    return Array.isArray(data) ? { data: data as readonly Item[], includes: includes ?? {} } : null;
  } catch {
    return null;
  }
}

/** A stream line has what its one post needs of what a page includes. */
function asPost(data: Item, includes: Includes): DoublePost {
  const references = (data['referenced_tweets'] ?? []) as readonly { readonly id: string }[];
  const tweets = (includes['tweets'] ?? []).filter(({ id }) => references.some((each) => each.id === id));
  const authors = new Set([data['author_id'], ...tweets.map((each) => each['author_id'])]);
  const placeId = (data['geo'] as { readonly place_id?: string } | undefined)?.place_id;
  return {
    id: String(data['id']),
    createdAt: Date.parse(String(data['created_at'])),
    text: String(data['text']),
    lang: String(data['lang']),
    data,
    includes: {
      users: (includes['users'] ?? []).filter(({ id }) => authors.has(id)),
      tweets,
      places: (includes['places'] ?? []).filter(({ id }) => id === placeId),
    },
  };
}
