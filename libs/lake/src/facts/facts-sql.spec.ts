import { snowflakeId } from '@analytica/domain';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS_FIELDS, FIELD_SEPARATOR, ITEM_SEPARATOR, WORDS_ARE_IN_TERMS } from './facts-form.js';
import { factsExpression, wordInTerms } from './facts-sql.js';
import { POST_COLUMNS } from '../parquet/post-schema.js';
import { examplePost } from '../testing.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function factsOf(overrides: Parameters<typeof examplePost>[0]): Promise<string[] | null> {
  const struct = POST_COLUMNS.map(({ name, type }) => `"${name}":"${type}"`).join(',');
  const reader = await connection.runAndReadAll(
    `SELECT ${factsExpression()} FROM (SELECT unnest(from_json(?, '{${struct}}')))`,
    [JSON.stringify(examplePost(overrides))],
  );
  const facts = reader.getRowsJS()[0]?.[0];
  return typeof facts === 'string' ? facts.split(FIELD_SEPARATOR) : null;
}

function field(facts: string[] | null, name: (typeof FACTS_FIELDS)[number]): string | undefined {
  return facts?.[FACTS_FIELDS.indexOf(name)];
}

const SNOWFLAKE_MS = Date.parse('2026-02-28T08:00:00.123Z');
const SNOWFLAKE = snowflakeId(SNOWFLAKE_MS);

describe('facts', () => {
  it('holds every field in order, nulls as empty texts', async () => {
    const facts = await factsOf({ words: ['a', 'b'], author_username: null, quote_of: '9', mentions: [] });
    expect(facts).toHaveLength(FACTS_FIELDS.length);
    expect([field(facts, 'id'), field(facts, 'author_id'), field(facts, 'source')]).toEqual(['1', '7', 'x']);
    expect(field(facts, 'delay')).toBe('1000');
    expect(field(facts, 'words')).toBe('a b');
    expect(field(facts, 'author_username')).toBe('');
    expect(field(facts, 'kind')).toBe('q');
    expect([field(facts, 'mentions'), field(facts, 'tags'), field(facts, 'hashtags')]).toEqual(['', 'cat', 'Cat']);
  });

  it('leaves out what other fields tell', async () => {
    expect(field(await factsOf({ hashtags: ['cat'] }), 'hashtags')).toBe('');
    const created = async (at: number): Promise<string | undefined> =>
      field(
        await factsOf({ retweet_of: SNOWFLAKE, retweet_of_created_at: new Date(at).toISOString() }),
        'retweet_of_created',
      );
    expect(await created(SNOWFLAKE_MS)).toBe('');
    expect(await created(SNOWFLAKE_MS - 123)).toBe('');
    expect(await created(SNOWFLAKE_MS - 122)).toBe(String(SNOWFLAKE_MS - 122));
  });

  it('leaves words to `terms` only where they follow from it', async () => {
    const words = async (terms: string, own: readonly string[], retweetOf: string | null = null) =>
      field(await factsOf({ terms: ` ${terms} `, words: [...own], retweet_of: retweetOf }), 'words');
    expect(await words('the black cat @bob', ['the', 'black', 'cat'])).toBe(WORDS_ARE_IN_TERMS);
    expect(await words('a 12 x1 año_2 _ 東 кот', ['x1', 'año_2', 'кот'])).toBe(WORDS_ARE_IN_TERMS);
    expect(await words('ano', ['año'])).toBe('año');
    expect(await words('the cat', ['cat', 'the'])).toBe('cat the');
    expect(await words('the cat cat', ['the', 'cat'])).toBe('the cat');
    expect(await words('東 京', ['東京'])).toBe('東京');
    expect(await words('12 @bob', [])).toBe('');
    expect(await words('the cat', ['the', 'cat'], '5')).toBe('');
  });

  it('is null where its parts could not be told apart', async () => {
    expect(await factsOf({ hashtags: [`a${ITEM_SEPARATOR}b`] })).toBeNull();
    expect(await factsOf({ author_username: `a${FIELD_SEPARATOR}b` })).toBeNull();
    expect(await factsOf({ hashtags: [''] })).toBeNull();
    expect(await factsOf({ hashtags: ['a', ''], tags: ' a b ' })).toBeNull();
    expect(await factsOf({ hashtags: ['a', 'b'] })).toBeNull();
    expect(await factsOf({ mentions: ['a b'] })).toBeNull();
    expect(await factsOf({ author_username: '' })).toBeNull();
    expect(await factsOf({ domains: ['a', 'b'] })).not.toBeNull();
  });
});

describe('a word in terms', () => {
  it('is a token of two code points with a letter that is no mention (rule 12)', async () => {
    const tokens = ['cat', 'a', '@bob', '12', '1a', 'é', 'éa', '_x', '__', '𝒜', '𝒜𝒷', '東', '{', 'кот', '', '٣٤', 'z'];
    const reader = await connection.runAndReadAll(
      `SELECT token FROM (SELECT unnest(from_json(?, '["VARCHAR"]')) AS token) WHERE ${wordInTerms('token')}`,
      [JSON.stringify(tokens)],
    );
    const isWord = (token: string): boolean =>
      !token.startsWith('@') && Array.from(token).length > 1 && /\p{L}/u.test(token);
    expect(reader.getRowsJS().flat().sort()).toEqual(tokens.filter(isWord).sort());
  });
});
