import type { DeleteRow } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';

const ARRIVED = Date.parse('2026-11-20T15:00:00.000Z');
const INGESTED = '2026-11-20T15:00:00.000Z';
const AT = '2026-11-20T12:34:56.789Z';
const ID = '2123748187960246836';

function read(line: unknown, shiftMs = 0): { kind: string; rows: readonly DeleteRow[] } {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  const [record, ...more] = normaliseLine(Buffer.from(text), {
    arrivedAt: ARRIVED,
    path: 'stream',
    source: null,
    shiftMs,
  });
  expect(more).toEqual([]);
  if (record?.kind === 'removals') return { kind: 'delete', rows: record.rows };
  if (record?.kind === 'delete') return { kind: 'delete', rows: [record.tombstone] };
  return { kind: record?.kind ?? 'none', rows: [] };
}

const DELETED = { source: 'x', id: ID, before: null, ingested_at: INGESTED };

function authorEvent(hidden: boolean, reason: string, author_id = '7', at = AT, countries: string[] | null = null) {
  return { source: 'x', author_id, at, until: at, hidden, reason, countries, ingested_at: INGESTED };
}

function postEvent(hidden: boolean, reason: string, countries: string[] | null = null) {
  return { source: 'x', id: ID, at: AT, hidden, reason, countries, ingested_at: INGESTED };
}

describe('deletes of a post', () => {
  it.each([
    { delete: { status: { id: 7, id_str: ID, user_id: 7, user_id_str: '7' }, timestamp_ms: '1' } },
    { delete: { tweet: { id: ID, author_id: '7' }, event_at: AT } },
    { data: { delete: { tweet: { id: ID, author_id: '7' }, quote_tweet_id: '5', event_at: AT } } },
  ])('are read in the shape of either version: %j', (line) => {
    expect(read(line)).toEqual({ kind: 'delete', rows: [DELETED] });
  });

  it.each([{ delete: {} }, { delete: 7 }, { delete: { tweet: { id: 7 } } }, { data: { delete: { tweet: {} } } }])(
    'that name no post are dead letters: %j',
    (line) => {
      expect(read(line).kind).toBe('dead-letter');
    },
  );
});

describe('events of users', () => {
  it.each([
    ['user_delete', true, 'deleted'],
    ['user_undelete', false, 'deleted'],
    ['user_suspend', true, 'suspended'],
    ['user_unsuspend', false, 'suspended'],
    ['user_protect', true, 'protected'],
    ['user_unprotect', false, 'protected'],
  ] as const)('%s hides or shows', (name, hidden, reason) => {
    const rows = [authorEvent(hidden, reason)];
    expect(read({ data: { [name]: { user: { id: '7' }, event_at: AT } } }).rows).toEqual(rows);
    expect(read({ [name]: { user: { id: '7' }, event_at: '2026-11-20T12:34:56.789+00:00' } }).rows).toEqual(rows);
    expect(read({ [name]: { id: 7, timestamp_ms: String(Date.parse(AT)) } }).rows).toEqual(rows);
  });

  it('keep every digit of an id that is a number', () => {
    const line = `{"user_suspend":{"id":1146448000000000123,"timestamp_ms":"${String(Date.parse(AT))}"}}`;
    expect(read(line).rows).toEqual([authorEvent(true, 'suspended', '1146448000000000123')]);
  });

  it('have the time of their arrival where theirs is none, and are shifted as posts are', () => {
    for (const event_at of [
      undefined,
      'soon',
      '2026-02-30T00:00:00Z',
      '2001-01-01T00:00:00Z',
      '2029-01-01T00:00:00Z',
    ]) {
      const rows = [authorEvent(true, 'suspended', '7', INGESTED)];
      expect(read({ user_suspend: { user: { id: '7' }, event_at } }).rows).toEqual(rows);
    }
    const shifted = read({ user_suspend: { user: { id: '7' }, event_at: AT } }, 1000).rows;
    expect(shifted).toEqual([authorEvent(true, 'suspended', '7', '2026-11-20T12:34:57.789Z')]);
  });

  it.each([{ user_suspend: {} }, { user_delete: { user: { id: 'ann' } } }, { user_protect: { id: -1 } }])(
    'that name no user are dead letters: %j',
    (line) => {
      expect(read(line).kind).toBe('dead-letter');
    },
  );
});

describe('what is withheld', () => {
  it('hides where it is withheld everywhere, and else keeps the countries', () => {
    const tweet = { id: ID, author_id: '7' };
    expect(read({ data: { withheld: { tweet, withheld_in_countries: ['XY'], event_at: AT } } }).rows).toEqual([
      postEvent(true, 'withheld', ['XY']),
    ]);
    const status = { id_str: ID, user_id_str: '7' };
    const timestamp_ms = String(Date.parse(AT));
    expect(read({ status_withheld: { status, withheld_in_countries: ['de', 'FR'], timestamp_ms } }).rows).toEqual([
      postEvent(false, 'withheld', ['DE', 'FR']),
    ]);
    expect(
      read(`{"status_withheld":{"id":${ID},"withheld_in_countries":["XX"],"timestamp_ms":"${timestamp_ms}"}}`).rows,
    ).toEqual([postEvent(true, 'withheld', ['XX'])]);
    const user = { user: { id: '7' }, event_at: AT };
    expect(read({ data: { user_withheld: { ...user, withheld_in_countries: ['DE', 'XX'] } } }).rows).toEqual([
      authorEvent(true, 'withheld', '7', AT, ['DE', 'XX']),
    ]);
    expect(read({ user_withheld: { ...user, withheld_in_countries: [] } }).rows).toEqual([
      authorEvent(false, 'withheld', '7', AT, []),
    ]);
  });

  it('is a dead letter without its countries', () => {
    for (const withheld_in_countries of [undefined, 'XX', ['Germany'], [7]]) {
      expect(read({ user_withheld: { user: { id: '7' }, withheld_in_countries } }).kind).toBe('dead-letter');
    }
  });

  it('says nothing of a post that has it as a field', () => {
    const data = { id: ID, author_id: '7', text: 'hello', withheld: { country_codes: ['DE'] } };
    expect(read({ data }).kind).toBe('post');
  });
});

describe('other events', () => {
  it('drop and undrop hide and show a post', () => {
    const tweet = { id: ID, author_id: '7' };
    expect(read({ data: { drop: { tweet, event_at: AT } } }).rows).toEqual([postEvent(true, 'dropped')]);
    expect(read({ undrop: { status: { id_str: ID }, timestamp_ms: Date.parse(AT) } }).rows).toEqual([
      postEvent(false, 'dropped'),
    ]);
  });

  it('scrub_geo takes places away', () => {
    const row = {
      source: 'x',
      id: null,
      author_id: '7',
      up_to_id: '99',
      at: AT,
      reason: 'scrub_geo',
      ingested_at: INGESTED,
    };
    expect(read({ data: { scrub_geo: { user: { id: '7' }, up_to_tweet_id: '99', event_at: AT } } }).rows).toEqual([
      row,
    ]);
    const v1 = { user_id: 7, user_id_str: '7', up_to_status_id: 99, up_to_status_id_str: '99' };
    expect(read({ scrub_geo: { ...v1, timestamp_ms: String(Date.parse(AT)) } }).rows).toEqual([row]);
    expect(read({ scrub_geo: { user_id: 7 } }).kind).toBe('dead-letter');
  });

  it.each([
    { data: { tweet_edit: { tweet: { id: ID }, event_at: AT } } },
    { data: { user_profile_modification: { user: { id: '7' }, event_at: AT } } },
  ])('are no posts: %j', (line) => {
    expect(read(line).kind).toBe('not-post');
  });
});

describe('lines of batch compliance', () => {
  const result = { id: ID, action: 'delete', created_at: AT, reason: 'deleted' };

  it('stand for a post and a user where the id does not tell', () => {
    expect(read(result)).toEqual({ kind: 'delete', rows: [DELETED, authorEvent(true, 'deleted', ID, INGESTED)] });
    const suspended = { ...result, reason: 'suspended', redacted_at: AT };
    expect(read(suspended).rows).toEqual([postEvent(true, 'suspended'), authorEvent(true, 'suspended', ID)]);
  });

  it('stand for one of both where the id is old', () => {
    const authors = (rows: readonly DeleteRow[]): boolean[] => rows.map((row) => 'author_id' in row);
    expect(authors(read({ ...result, id: '300000000', created_at: '2008-01-01T00:00:00.000Z' }).rows)).toEqual([false]);
    expect(authors(read({ ...result, id: '300000000', created_at: '2012-01-01T00:00:00.000Z' }).rows)).toEqual([true]);
    expect(authors(read({ ...result, id: '12', created_at: '2006-03-21T00:00:00.000Z' }).rows)).toEqual([true]);
  });

  it('take places away', () => {
    const rows = read({ ...result, reason: 'scrub_geo' }).rows;
    expect(rows.map((row) => ('reason' in row ? row.reason : null))).toEqual(['scrub_geo', 'scrub_geo']);
  });

  it('are no posts with another action, and dead letters with another id', () => {
    expect(read({ ...result, action: 'keep' }).kind).toBe('not-post');
    expect(read({ ...result, id: 'ann' }).kind).toBe('dead-letter');
  });
});
