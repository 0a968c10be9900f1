import { readFile, writeFile } from 'node:fs/promises';
import {
  LAST_ID_WITHOUT_TIME,
  type Post,
  SNOWFLAKE_EPOCH_MS,
  SNOWFLAKE_TIME_SHIFT,
  snowflakeId,
} from '@analytica/domain';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST_COLUMNS } from '../parquet/post-schema.js';
import { examplePost } from '../testing.js';
import { FACTS_FIELDS } from './facts-form.js';
import { factsExpression, FIELD_COLUMNS } from './facts-sql.js';

/*
 * `golden-vectors.json` holds rows, the text that `facts` of each must be, and what a reader must make of it. It is made here,
 * by code that shares nothing with the SQL or with a reader. With UPDATE_GOLDEN=1 the test writes it anew.
 */
const FILE = new URL('golden-vectors.json', import.meta.url);

interface Vector {
  readonly row: Partial<Post>;
  readonly facts: string | null;
  readonly read: Readonly<Record<string, unknown>>;
}

const AT = Date.parse('2026-03-01T10:00:00.000Z');
const SNOWFLAKE_AT = Date.parse('2026-02-28T08:00:00.123Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const spaced = (tokens: readonly string[]): string => ` ${tokens.map((token) => `${token} `).join('')}`;

const HANDMADE: readonly Partial<Post>[] = [
  {},
  { author_username: null, version: null, hashtags: [], tags: ' ', mentions: [], domains: [], words: [] },
  { version: 'bafyreih', reply_to: '9' },
  { quote_of: '9' },
  { reply_to: '8', quote_of: '9' },
  { ingested_at: iso(AT) },
  { ingested_at: iso(AT - 86_400_001) },
  { retweet_count: null },
  { retweet_count: Number.MAX_SAFE_INTEGER },
  // What retweets state of their originals' time.
  ...[0, -123, -122, 877, 1_000_000].map((apart) => ({
    retweet_of: snowflakeId(SNOWFLAKE_AT),
    retweet_of_created_at: iso(SNOWFLAKE_AT + apart),
  })),
  { retweet_of: snowflakeId(SNOWFLAKE_AT, 4_194_303), retweet_of_created_at: iso(SNOWFLAKE_AT) },
  { retweet_of: snowflakeId(SNOWFLAKE_AT), retweet_of_created_at: null },
  { source: 'bluesky', retweet_of: snowflakeId(SNOWFLAKE_AT), retweet_of_created_at: iso(SNOWFLAKE_AT) },
  { source: 'bluesky', retweet_of: 'at://did:plc:a/app.bsky.feed.post/3k', retweet_of_created_at: iso(AT) },
  ...['5', '007', `0${snowflakeId(SNOWFLAKE_AT)}`, '99999999999999999999', '-1', ' 5', '1e3', 'x'].map((id) => ({
    retweet_of: id,
    retweet_of_created_at: iso(SNOWFLAKE_AT),
  })),
  { retweet_of: String(LAST_ID_WITHOUT_TIME), retweet_of_created_at: iso(SNOWFLAKE_EPOCH_MS + 10_000) },
  { retweet_of: String(LAST_ID_WITHOUT_TIME + 1), retweet_of_created_at: iso(SNOWFLAKE_EPOCH_MS + 10_000) },
  // Spellings of tags.
  { hashtags: ['cat'], tags: ' cat ' },
  { hashtags: ['Cat', 'dog'], tags: ' cat dog ' },
  { hashtags: ['Año Nuevo', '東京'], tags: ' ano_nuevo 東京 ' },
  { hashtags: ['a b'], tags: ' a b ' },
  { hashtags: ['a', 'b'], tags: ' a ' },
  { hashtags: ['a', ''], tags: ' a b ' },
  { hashtags: [], tags: ' a ' },
  { hashtags: ['a\u001Eb'], tags: ' a_b ' },
  { hashtags: ['😀'], tags: ' 😀 ' },
  // Lists.
  { mentions: ['ann', 'bob', 'ann'] },
  { mentions: ['a b'] },
  { mentions: [''] },
  { domains: ['a.example', 'with space.example'] },
  { domains: ['a\u001Eb'] },
  { domains: [''] },
  // Words.
  { terms: spaced(['a', '12', 'x1', 'año_2', '_', '東', 'кот']), words: ['x1', 'año_2', 'кот'] },
  { terms: spaced(['the', 'cat']), words: ['cat', 'the'] },
  { terms: spaced(['the', 'cat', 'cat']), words: ['the', 'cat'] },
  { terms: spaced(['東', '京']), words: ['東京'] },
  { terms: spaced(['12', '@bob', '__', '٣٤', '𝒜']), words: [] },
  { terms: spaced(['𝒜𝒷', 'é', 'éa', '{x', '{']), words: ['𝒜𝒷', 'éa', '{x'] },
  { terms: ' ', words: [] },
  { words: ['two words'] },
  { words: ['', 'x'] },
  { words: ['a\u001Fb'] },
  { retweet_of: '5', words: ['two', 'words'] },
  // Texts that hold separators, or nothing.
  { id: 'a\u001Fb' },
  { author_username: '' },
  { author_username: 'a\u001Fb' },
  { version: '' },
  { retweet_of: '' },
  { author_username: 'a\u001Eb', lang: 'x\u001Ey', id: '\u001E' },
  { id: '*', author_id: "'; DROP TABLE posts --", author_username: '"\\', lang: '$1' },
  { id: 'at://did:plc:z/1', source: 'bluesky', author_id: 'did:plc:z', author_username: '\u202Eevil\u200D\uFEFF' },
];

/** Numbers of a fixed sequence, from 0 up to `below`. */
function sequence(): (below: number) => number {
  let state = 0x9e3779b9;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const TEXTS = [
  'a',
  'Cat',
  'naïve',
  '東京',
  '😀👩‍👩‍👧',
  'x y',
  '',
  '12',
  '\u001F',
  '\u001E',
  '*',
  'ﷺ',
  '@bob',
  "o'neil",
  '%_',
] as const;
const TOKENS = ['the', 'cat', 'a', '12', '@bob', 'año', '東', 'кот', '_x', '😀', 'z9', 'ß', 'ﬁ'] as const;

function randomRows(count: number): Partial<Post>[] {
  const next = sequence();
  const text = (): string => TEXTS[next(TEXTS.length)] ?? '';
  const some = <T>(of: () => T, most: number): T[] => Array.from({ length: next(most + 1) }, of);
  const token = (): string => TOKENS[next(TOKENS.length)] ?? '';
  return Array.from({ length: count }, () => {
    const terms = some(token, 8);
    const tags = some(token, 3);
    return {
      id: next(2) === 0 ? String(next(1e9)) : `id-${text()}`,
      source: (['x', 'bluesky', 'demo'] as const)[next(3)] ?? 'x',
      lang: ['en', 'ja', 'und'][next(3)] ?? 'und',
      author_username: next(4) === 0 ? null : text(),
      version: next(3) === 0 ? text() : null,
      ingested_at: iso(AT + next(100_000) - 1_000),
      reply_to: next(3) === 0 ? '8' : null,
      quote_of: next(4) === 0 ? '9' : null,
      retweet_of: next(3) === 0 ? ([snowflakeId(SNOWFLAKE_AT), '77', text()][next(3)] ?? null) : null,
      retweet_of_created_at: next(2) === 0 ? iso([SNOWFLAKE_AT, SNOWFLAKE_AT - 123, AT][next(3)] ?? AT) : null,
      retweet_count: next(3) === 0 ? null : next(5),
      tags: spaced(tags),
      hashtags: next(3) === 0 ? tags : tags.map((tag) => (next(2) === 0 ? tag.toUpperCase() : text())),
      mentions: some(text, 2),
      domains: some(text, 2),
      terms: spaced(terms),
      words: next(3) === 0 ? some(token, 3).filter(isWord) : terms.filter(isWord),
    };
  });
}

/** Rule 12, of a token of `terms`. */
function isWord(token: string): boolean {
  return !token.startsWith('@') && Array.from(token).length > 1 && /\p{L}/u.test(token);
}

function toldById({ source, retweet_of: id, retweet_of_created_at: at }: Post): boolean {
  if (id === null || at === null || source === 'bluesky' || !/^(?:0|[1-9]\d{0,18})$/.test(id)) return false;
  const value = BigInt(id);
  if (value <= BigInt(LAST_ID_WITHOUT_TIME) || value >= 2n ** 63n) return false;
  const ms = Number(value >> BigInt(SNOWFLAKE_TIME_SHIFT)) + SNOWFLAKE_EPOCH_MS;
  return [ms, ms - (ms % 1000)].includes(Date.parse(at));
}

const tokensOf = (text: string): string[] => text.split(' ').filter((token) => token !== '');
const holds = (items: readonly string[], separator: string): boolean =>
  items.some((item) => item === '' || item.includes(separator));

function vectorOf(row: Partial<Post>): Vector {
  const post = examplePost(row);
  const { hashtags, mentions, domains } = post;
  const tags = tokensOf(post.tags);
  const ownWords = post.retweet_of === null ? post.words : null;
  const areInTerms = JSON.stringify(ownWords) === JSON.stringify(tokensOf(post.terms).filter(isWord));
  const [created, ingested] = [Date.parse(post.created_at), Date.parse(post.ingested_at)];
  const isTold = toldById(post);
  const statedAt = post.retweet_of_created_at === null ? null : Date.parse(post.retweet_of_created_at);
  const kind = `${post.reply_to === null ? '' : 'r'}${post.quote_of === null ? '' : 'q'}`;
  const fields = [
    post.id,
    post.author_id,
    post.author_username ?? '',
    post.source,
    post.lang,
    post.version ?? '',
    ingested === created ? '' : String(ingested - created),
    kind,
    post.retweet_of ?? '',
    statedAt === null || isTold ? '' : String(statedAt),
    post.retweet_count === null ? '' : String(post.retweet_count),
    tags.join(' '),
    hashtags.join(' ') === tags.join(' ') ? '' : hashtags.join('\u001E'),
    mentions.join(' '),
    domains.join('\u001E'),
    ownWords === null || ownWords.length === 0 ? '' : areInTerms ? '*' : ownWords.join(' '),
  ];
  const isAmbiguous =
    fields.some((field) => field.includes('\u001F')) ||
    hashtags.length !== tags.length ||
    [post.version, post.author_username, post.retweet_of].includes('') ||
    holds(hashtags, '\u001E') ||
    holds(mentions, ' ') ||
    holds(domains, '\u001E') ||
    holds(ownWords ?? [], ' ');
  const facts = isAmbiguous ? null : fields.join('\u001F');
  const read = {
    id: post.id,
    author_id: post.author_id,
    author_username: post.author_username,
    source: post.source,
    version: post.version,
    created,
    ingested,
    kind,
    retweet_of: post.retweet_of,
    // A reader of `facts` knows of none where the id states it; one of the columns does.
    retweet_of_created: facts !== null && isTold ? null : statedAt,
    retweet_count: post.retweet_count,
    tags,
    hashtags: tags.map((tag, place) => hashtags[place] ?? tag),
    mentions,
    domains,
    words: ownWords,
    words_with_retweets: post.words,
  };
  return { row, facts, read };
}

let instance: DuckDBInstance;
let connection: DuckDBConnection;
let vectors: readonly Vector[];

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  const made = [...HANDMADE, ...randomRows(70)].map(vectorOf);
  if (process.env['UPDATE_GOLDEN'] !== undefined) await writeFile(FILE, JSON.stringify(made, null, 2));
  vectors = JSON.parse(await readFile(FILE, 'utf8')) as Vector[];
  expect(vectors).toEqual(JSON.parse(JSON.stringify(made)));
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function select(sql: string): Promise<unknown[][]> {
  const struct = POST_COLUMNS.map(({ name, type }) => `"${name}":"${type}"`).join(',');
  const posts = JSON.stringify(vectors.map(({ row }) => examplePost(row)));
  const from = `SELECT unnest(from_json(?, '[{${struct}}]'), recursive := true)`;
  return (await connection.runAndReadAll(`SELECT ${sql} FROM (${from})`, [posts])).getRowsJS();
}

it('has rows with facts and rows without', () => {
  const without = vectors.filter(({ facts }) => facts === null).length;
  expect(without).toBeGreaterThan(30);
  expect(vectors.length - without).toBeGreaterThan(50);
});

it('is what the SQL makes of the rows', async () => {
  const rows = await select(factsExpression());
  for (const [place, { row, facts }] of vectors.entries()) expect(rows[place]?.[0], JSON.stringify(row)).toBe(facts);
});

it('is what stands in the columns, for rows that have no facts', async () => {
  const columns = FACTS_FIELDS.filter((name) => !['lang', 'delay'].includes(name));
  const rows = await select(columns.map((name) => FIELD_COLUMNS[name].sql).join(', '));
  for (const [place, { row, facts, read }] of vectors.entries()) {
    if (facts !== null) continue;
    for (const [index, name] of columns.entries()) {
      const value = rows[place]?.[index];
      expect(typeof value === 'bigint' ? Number(value) : value, `${name} of ${JSON.stringify(row)}`).toEqual(
        read[name],
      );
    }
  }
});
