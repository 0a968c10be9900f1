import { describe, expect, it } from 'vitest';
import { identityHash } from '../dedupe/identity-hash.js';
import { newSeenByOrigin } from '../dedupe/seen-posts.js';
import { initialState } from '../log/log-state.js';
import { RecentOriginals } from '../originals/recent-originals.js';
import { makeCommit } from './commit-batch.js';
import { isTooLong, postLine, rowProblem } from './encode-row.js';
import { prepareBatch } from './prepare-batch.js';
import type { PreparedBatch } from './prepared-batch.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const CAPTURED = { name: 'test', importName: null } as const;
const hash = identityHash('k');
const noOriginals = (): RecentOriginals => new RecentOriginals(hash);
const tweet = (id: string, text = 'hello', lang?: string): string =>
  JSON.stringify({
    lang,
    id_str: id,
    created_at: 'Wed Jul 03 12:00:00 +0000 2019',
    text,
    user: { id_str: '7', screen_name: 'ann' },
  });
const deletion = (id: string): string => JSON.stringify({ delete: { status: { id_str: id, user_id_str: '7' } } });
const skeet = (cid: string, operation: string, langs?: readonly string[]): string =>
  JSON.stringify({
    did: 'did:plc:a',
    time_us: 1772359200000000 + cid.length,
    kind: 'commit',
    commit: {
      operation,
      collection: 'app.bsky.feed.post',
      rkey: 'r',
      cid,
      record: { text: cid, createdAt: '2026-03-01T10:00:00Z', langs },
    },
  });

function prepare(
  lines: readonly string[],
  arrivedAt = T10,
  importName: string | null = null,
  languages: readonly string[] = [],
): PreparedBatch {
  const context = { arrivedAt, path: 'replay', source: null, shiftMs: 0, importName, languages } as const;
  return {
    ...prepareBatch(
      lines.map((line) => Buffer.from(line)),
      context,
      hash,
    ),
    arrivedAt,
    cursor: { n: lines.length },
    isLive: false,
    coverage: [],
  };
}

const rowsOf = (bytes: Uint8Array): Record<string, unknown>[] =>
  Buffer.from(bytes)
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('prepareBatch and makeCommit', () => {
  it('counts an event as one delete, whatever it writes, and names what is hidden', () => {
    const first = prepare([
      '{"id":"2123748187960246837","action":"delete","reason":"deleted"}',
      '{"user_suspend":{"user":{"id":"7"}}}',
      '{"user_unprotect":{"user":{"id":"8"}}}',
      '{"scrub_geo":{"user_id_str":"9","up_to_status_id_str":"5"}}',
    ]);
    const { batch, state, hidden } = makeCommit(
      [first],
      initialState(0, 0),
      CAPTURED,
      newSeenByOrigin(8),
      noOriginals(),
    );
    expect(state.accounting).toMatchObject({ received: 4, deletes: 4 });
    expect([batch.posts, batch.tombstones]).toEqual([0, 5]);
    expect(hidden).toEqual(['2123748187960246837', '2123748187960246837', '7']);
  });

  it('stores each post once, in order, over batches and within one, and counts every record', () => {
    const seen = newSeenByOrigin(8);
    const first = prepare([
      tweet('1'),
      deletion('9'),
      tweet('1', 'again'),
      tweet('2'),
      '{"limit":1}',
      'broken',
      tweet('3'),
    ]);
    const second = prepare([tweet('2'), tweet('4'), tweet('3'), deletion('4')]);
    const commit = makeCommit([first, second], initialState(10, 5), CAPTURED, seen, noOriginals());
    expect(rowsOf(Buffer.concat(commit.batch.chunks)).map((row) => [row['kind'], row['id']])).toEqual([
      ['post', '1'],
      ['tombstone', '9'],
      ['post', '2'],
      ['post', '3'],
      ['post', '4'],
      ['tombstone', '4'],
    ]);
    expect(commit.batch).toMatchObject({ posts: 4, tombstones: 2 });
    expect(commit.state).toEqual({
      lastSeq: 16,
      cursors: { test: { n: 4 } },
      accounting: {
        received: 16,
        stored: 9,
        duplicates: 3,
        deletes: 2,
        not_posts: 1,
        dead_letters: 1,
        filtered: 0,
        pending: 0,
      },
      deadLetters: { 'not JSON': 1 },
      arrivedAt: T10,
      coverage: { seq: 0, unlisted: [] },
      repostsWithoutOriginal: 0,
    });
    expect(commit.storedBySource).toEqual([4, 0, 0]);
    expect(commit.recent.map(({ post }) => post.id)).toEqual(['1', '2', '3', '4']);
    expect(first.deadLetters).toMatchObject([{ stage: 'parse' }]);
    expect(Buffer.from(first.deadLetters[0]?.raw ?? []).toString()).toBe('broken');
  });

  it('keeps each version of a Bluesky post with its tombstone, once', () => {
    const seen = newSeenByOrigin(8);
    const batch = prepare([skeet('a', 'create'), skeet('bb', 'update'), skeet('bb', 'update')]);
    const commit = makeCommit([batch], initialState(0, 0), CAPTURED, seen, noOriginals());
    expect(rowsOf(Buffer.concat(commit.batch.chunks)).map((row) => [row['kind'], row['version'] ?? null])).toEqual([
      ['post', 'a'],
      ['post', 'bb'],
      ['tombstone', null],
    ]);
    expect(commit.state.accounting).toMatchObject({ received: 3, stored: 2, duplicates: 1, deletes: 0 });
    expect(commit.state.lastSeq).toBe(3);
  });

  it('leaves out languages that nobody asked for, before duplicates are looked for, but no delete', () => {
    const lines = [
      ...[tweet('1', 'ciao', 'it'), tweet('1', 'hello', 'en'), tweet('1', 'hello', 'en'), tweet('2', 'salut', 'fr')],
      ...[tweet('2', 'salut', 'fr'), tweet('3'), deletion('2'), '{"limit":1}', 'broken'],
    ];
    const seen = newSeenByOrigin(8);
    const counted = (languages: readonly string[]) => {
      const commit = makeCommit(
        [prepare(lines, T10, null, languages)],
        initialState(0, 0),
        CAPTURED,
        seen,
        noOriginals(),
      );
      return [commit.state.accounting, rowsOf(Buffer.concat(commit.batch.chunks)).map(({ id, lang }) => [id, lang])];
    };
    const others = { deletes: 1, not_posts: 1, dead_letters: 1, pending: 0 };
    expect(counted(['en', 'it'])).toEqual([
      { received: 9, stored: 1, duplicates: 2, filtered: 3, ...others },
      [
        ['1', 'it'],
        ['2', undefined],
      ],
    ]);
    expect(counted(['und', 'fr'])).toEqual([
      { received: 9, stored: 2, duplicates: 1, filtered: 3, ...others },
      [
        ['2', 'fr'],
        ['3', 'und'],
        ['2', undefined],
      ],
    ]);
  });

  it('hides the versions before an update that is filtered', () => {
    const lines = [skeet('a', 'create', ['en-US']), skeet('bb', 'update', ['de'])];
    const commit = makeCommit(
      [prepare(lines, T10, null, ['en'])],
      initialState(0, 0),
      CAPTURED,
      newSeenByOrigin(8),
      noOriginals(),
    );
    expect(rowsOf(Buffer.concat(commit.batch.chunks))).toMatchObject([
      { kind: 'post', version: 'a', lang: 'en' },
      { kind: 'tombstone', before: expect.stringContaining('T') as string },
    ]);
    expect(commit.batch).toMatchObject({ posts: 1, tombstones: 1 });
    expect(commit.state).toMatchObject({ lastSeq: 2, accounting: { received: 2, stored: 1, filtered: 1, deletes: 0 } });
  });

  it('stores a post once as captured and once as imported, whichever comes first, and names the import in its line', () => {
    const seen = newSeenByOrigin(8);
    const imported = { name: 'files', importName: 'old' };
    const lines = [tweet('1'), tweet('2'), tweet('1')];
    const live = makeCommit([prepare(lines)], initialState(0, 0), CAPTURED, seen, noOriginals());
    const old = makeCommit([prepare([...lines, tweet('3')], T10, 'old')], live.state, imported, seen, noOriginals());
    const both = makeCommit([prepare([tweet('3'), tweet('1')])], old.state, CAPTURED, seen, noOriginals());
    const other = makeCommit(
      [prepare([tweet('3'), tweet('4')], T10, 'other')],
      both.state,
      { ...imported, importName: 'other' },
      seen,
      noOriginals(),
    );
    expect([live, old, both, other].map(({ batch: { posts, importName } }) => [posts, importName])).toEqual([
      [2, null],
      [3, 'old'],
      [1, null],
      [1, 'other'],
    ]);
    expect(rowsOf(Buffer.concat(old.batch.chunks)).map((row) => row['import'])).toEqual(['old', 'old', 'old']);
    expect(rowsOf(Buffer.concat(both.batch.chunks)).map((row) => row['import'])).toEqual([undefined]);
    expect(other.state.accounting).toMatchObject({ received: 11, stored: 7, duplicates: 4 });
  });

  it('keeps half a surrogate pair from the lake, which could not hold it', () => {
    const [row] = rowsOf(prepare([tweet('1', 'a \\ud83d z').replace('\\\\ud83d', '\\ud83d')]).bytes);
    expect(row?.['text']).toBe('a \ufffd z');
    expect(rowsOf(prepare([tweet('1', 'a \\ud83d')]).bytes)[0]?.['text']).toBe('a \\ud83d');
  });

  it('refuses rows that the lake could not hold', () => {
    const [row] = rowsOf(prepare([tweet('1')]).bytes);
    const post = row as unknown as Parameters<typeof rowProblem>[0];
    expect(rowProblem(post)).toBeNull();
    expect(rowProblem({ ...post, created_at: '+012019-07-03T12:00:00.000Z' })).toMatch(/time/);
    expect(rowProblem({ ...post, like_count: 1.5 })).toMatch(/count/);
    expect(rowProblem({ ...post, like_count: 2 ** 60 })).toMatch(/count/);
    expect(isTooLong(postLine({ ...post, text: 'x'.repeat(4 * 1024 * 1024) }))).toBe(true);
    expect(isTooLong(postLine({ ...post, text: 'x'.repeat(2 * 1024 * 1024) }))).toBe(false);
  });
});

describe('a line at the limit', () => {
  const NOW = Date.UTC(2026, 6, 4);
  const v2 = (id: number, original: string) => ({
    id: String(id),
    author_id: '7',
    created_at: '2026-07-01T00:00:00.000Z',
    text: `RT @bob: ${String(id)}`,
    referenced_tweets: [{ type: 'retweeted', id: original }],
  });

  it('stores posts that share one great original up to 10 MiB, the rest are dead letters of their own part', () => {
    const original = { id: '5', author_id: '8', created_at: '2026-07-01T00:00:00.000Z', text: 'ab '.repeat(33_000) };
    const data = Array.from({ length: 3000 }, (_, n) => v2(100 + n, '5'));
    const found = prepare([JSON.stringify({ data, includes: { tweets: [original] } })], NOW);
    expect(found.bytes.length).toBeLessThan(11 * 1_048_576);
    expect(found.ends.length).toBeGreaterThan(5);
    expect(found.ends.length + found.deadLetters.length).toBe(3000);
    const letter = found.deadLetters.at(-1);
    expect(letter).toMatchObject({ stage: 'store', reason: expect.stringMatching(/10 MiB/) as string });
    expect(JSON.parse(Buffer.from(letter?.raw ?? []).toString())).toEqual(data[2999]);
  });

  it('keeps no page once for each of its posts', () => {
    const data = Array.from({ length: 1000 }, (_, n) => ({ ...v2(100 + n, '5'), author_id: null }));
    const page = JSON.stringify({ data, includes: { tweets: [{ id: '5', text: 'x'.repeat(2 ** 21) }] } });
    const letters = prepare([page], NOW).deadLetters;
    expect(letters).toHaveLength(1000);
    expect(letters.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThan(page.length);
  });

  it('keeps a retweet though the time of its original is incredible', () => {
    for (const created_at of ['1970-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z', 'soon', 5]) {
      const includes = { tweets: [{ id: '5', author_id: '8', created_at, text: 'original' }] };
      const found = prepare([JSON.stringify({ data: v2(100, '5'), includes })], NOW);
      expect(rowsOf(found.bytes)).toMatchObject([{ text: 'original', retweet_of_created_at: null }]);
    }
    const v1 = { ...(JSON.parse(tweet('9')) as object), created_at: 'Wed Jul 03 12:00:00 +0000 1969' };
    const line = JSON.stringify({ ...(JSON.parse(tweet('1')) as object), retweeted_status: v1 });
    expect(rowsOf(prepare([line], NOW).bytes)).toMatchObject([{ retweet_of: '9', retweet_of_created_at: null }]);
  });
});
