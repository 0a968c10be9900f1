import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS_FIELDS, factsExpression, FIELD_SEPARATOR, ITEM_SEPARATOR } from './facts-column.js';
import { POST_COLUMNS } from './post-schema.js';
import { examplePost } from './testing.js';

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

describe('facts', () => {
  it('holds every field in order, nulls as empty texts', async () => {
    const facts = await factsOf({ words: ['a', 'b'], author_username: null, quote_of: '9', mentions: [] });
    expect(facts).toHaveLength(FACTS_FIELDS.length);
    expect(field(facts, 'id')).toBe('1');
    expect(field(facts, 'ingested')).toBe(String(Date.parse('2026-03-01T10:00:01.000Z')));
    expect(field(facts, 'words')).toBe(`a${ITEM_SEPARATOR}b`);
    expect(field(facts, 'author_username')).toBe('');
    expect([field(facts, 'is_reply'), field(facts, 'is_quote')]).toEqual(['', '1']);
    expect([field(facts, 'mentions'), field(facts, 'tags')]).toEqual(['', ' cat ']);
  });

  it('is null where its parts could not be told apart', async () => {
    expect(await factsOf({ hashtags: [`a${ITEM_SEPARATOR}b`] })).toBeNull();
    expect(await factsOf({ author_username: `a${FIELD_SEPARATOR}b` })).toBeNull();
    expect(await factsOf({ hashtags: [''] })).toBeNull();
    expect(await factsOf({ hashtags: ['a', ''] })).toBeNull();
    expect(await factsOf({ author_username: '' })).toBeNull();
    expect(await factsOf({ domains: ['a', 'b'] })).not.toBeNull();
  });
});
