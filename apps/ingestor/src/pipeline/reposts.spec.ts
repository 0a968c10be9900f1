import { describe, expect, it } from 'vitest';
import { blueskyEvent, blueskyPost, blueskyRepost, postUri } from '../../test/support/bluesky-lines.js';
import { identityHash } from '../dedupe/identity-hash.js';
import { newSeenByOrigin } from '../dedupe/seen-posts.js';
import { initialState } from '../log/log-state.js';
import { RecentOriginals } from '../originals/recent-originals.js';
import { makeCommit } from './commit-batch.js';
import { prepareBatch } from './prepare-batch.js';
import type { PreparedBatch } from './prepared-batch.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const hash = identityHash('k');
const ORIGINAL = postUri('did:plc:ann', '1');

interface Given {
  readonly importName?: string | null;
  readonly languages?: readonly string[];
}

function prepare(lines: readonly string[], { importName = null, languages = [] }: Given = {}): PreparedBatch {
  const context = { arrivedAt: T10, path: 'stream', source: null, shiftMs: 0, importName, languages } as const;
  const buffers = lines.map((line) => Buffer.from(line));
  return { ...prepareBatch(buffers, context, hash), arrivedAt: T10, cursor: {}, isLive: true, coverage: [] };
}

/** Commits batches one after the other. */
function pipeline(limits?: ConstructorParameters<typeof RecentOriginals>[1]) {
  const seen = newSeenByOrigin(8);
  const originals = new RecentOriginals(hash, limits);
  let state = initialState(0, 0);
  return (lines: readonly string[], given: Given = {}) => {
    const source = { name: 'test', importName: given.importName ?? null };
    const commit = makeCommit([prepare(lines, given)], state, source, seen, originals);
    state = commit.state;
    const rows = Buffer.concat(commit.batch.chunks)
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { ...commit, rows };
  };
}

describe('a Bluesky repost', () => {
  it('has text, entities and language of its original, of the same batch or an earlier one', () => {
    const commit = pipeline();
    const first = commit([
      blueskyPost('did:plc:ann', '1', 'è 東京'),
      blueskyRepost('did:plc:bob', 'r1', ORIGINAL, { at: 5 }),
    ]);
    const second = commit([blueskyRepost('did:plc:eve', 'r2', ORIGINAL, { at: 7 })]);
    const [original, repost] = first.rows;
    expect(original).toMatchObject({ text: 'è 東京 #Tag@ @bob.bsky.social', tags: ' tag other ', lang: 'it' });
    const same = ['text', 'text_clean', 'lang', 'hashtags', 'mentions', 'urls', 'domains', 'emojis', 'terms', 'tags'];
    for (const row of [repost, second.rows[0]]) {
      for (const column of [...same, 'words', 'cashtags']) expect(row?.[column], column).toEqual(original?.[column]);
      expect(row).toMatchObject({
        ...{ kind: 'post', source: 'bluesky', retweet_of: ORIGINAL, retweet_of_author_id: 'did:plc:ann' },
        ...{ retweet_of_created_at: '2026-03-01T10:00:00.000Z', reply_to: null, quote_of: null, retweet_count: null },
      });
      expect(Object.keys(row ?? {}).sort()).toEqual(Object.keys(original ?? {}).sort());
    }
    expect(repost).toMatchObject({
      ...{ id: 'at://did:plc:bob/app.bsky.feed.repost/r1', author_id: 'did:plc:bob' },
      created_at: '2026-03-01T10:00:00.005Z',
    });
    expect(second.state).toMatchObject({ lastSeq: 3, repostsWithoutOriginal: 0, accounting: { stored: 3 } });
    expect(second.recent).toMatchObject([{ post: { text: original?.['text'] } }]);
  });

  it('has none where its original came later, was deleted before, or never came', () => {
    const commit = pipeline();
    const { rows, state, recent } = commit([
      blueskyRepost('did:plc:bob', 'r1', ORIGINAL),
      blueskyPost('did:plc:ann', '1', 'hello'),
      blueskyRepost('did:plc:bob', 'r2', ORIGINAL),
      blueskyEvent({ did: 'did:plc:ann', rkey: '1', operation: 'delete' }),
      blueskyRepost('did:plc:bob', 'r3', ORIGINAL),
      blueskyRepost('did:plc:bob', 'r4', postUri('did:plc:ann', '2')),
    ]);
    const reposts = rows.filter((row) => row['retweet_of'] !== null && row['kind'] === 'post');
    expect(reposts.map(({ text }) => text)).toEqual(['', 'hello #Tag@ @bob.bsky.social', '', '']);
    expect(reposts[2]).toMatchObject({
      ...{ terms: ' ', tags: ' ', words: [], lang: 'und', hashtags: [], urls: [], text_clean: '' },
      ...{ retweet_of: ORIGINAL, retweet_of_author_id: 'did:plc:ann', retweet_of_created_at: null },
    });
    expect(state).toMatchObject({ repostsWithoutOriginal: 3, accounting: { received: 6, stored: 5, deletes: 1 } });
    // Nothing to show: they are not among the newest posts.
    expect(recent.map(({ post }) => post.text)).toEqual([
      'hello #Tag@ @bob.bsky.social',
      'hello #Tag@ @bob.bsky.social',
    ]);
  });

  it('has none once its author was hidden, also after the author has come back', () => {
    const commit = pipeline();
    const account = (did: string, at: number, active: boolean, status?: string): string =>
      JSON.stringify({ did, time_us: 1772359200000000 + at, kind: 'account', account: { active, status } });
    const other = postUri('did:plc:an', '1');
    commit([blueskyPost('did:plc:ann', '1', 'hello'), blueskyPost('did:plc:an', '1', 'another')]);
    const { rows, state } = commit([
      ...[blueskyRepost('did:plc:bob', 'r1', ORIGINAL), account('did:plc:ann', 1, false, 'deactivated')],
      ...[blueskyRepost('did:plc:bob', 'r2', ORIGINAL), account('did:plc:ann', 2, true)],
      ...[blueskyRepost('did:plc:bob', 'r3', ORIGINAL), blueskyRepost('did:plc:bob', 'r4', other)],
      ...[blueskyPost('did:plc:ann', '1', 'again', { cid: 'c2' }), blueskyRepost('did:plc:bob', 'r5', ORIGINAL)],
    ]);
    const texts = rows
      .filter((row) => typeof row['retweet_of'] === 'string')
      .map(({ text }) => String(text).slice(0, 5));
    expect(texts).toEqual(['hello', '', '', 'anoth', 'again']);
    expect(state.repostsWithoutOriginal).toBe(2);
  });

  it('takes the version that was stored last, and is not changed by a duplicate of an earlier one', () => {
    const commit = pipeline();
    const first = blueskyPost('did:plc:ann', '1', 'first');
    const update = { operation: 'update', cid: 'c2', at: 9 };
    const { rows } = commit([
      ...[first, blueskyPost('did:plc:ann', '1', 'second', update), first],
      ...[blueskyRepost('did:plc:bob', 'r1', ORIGINAL), blueskyRepost('did:plc:bob', 'r1', ORIGINAL)],
    ]);
    expect(rows.map(({ kind, text }) => [kind, String(text).split(' ')[0]])).toEqual([
      ['post', 'first'],
      ['post', 'second'],
      ['tombstone', 'undefined'],
      ['post', 'second'],
    ]);
  });

  it('finds an original that another import brought, and is stored once captured and once imported', () => {
    const commit = pipeline();
    commit([blueskyPost('did:plc:ann', '1', 'hello')], { importName: 'june' });
    const repost = blueskyRepost('did:plc:bob', 'r1', ORIGINAL);
    const captured = commit([repost]);
    const imported = commit([repost, repost], { importName: 'july' });
    expect(captured.rows).toMatchObject([{ text: 'hello #Tag@ @bob.bsky.social' }]);
    expect(imported.rows).toMatchObject([{ import: 'july', text: 'hello #Tag@ @bob.bsky.social' }]);
    expect(imported.batch).toMatchObject({ posts: 1, importName: 'july' });
  });

  it('is kept by the language of its original', () => {
    const lines = [
      blueskyPost('did:plc:ann', '1', 'ciao'),
      blueskyRepost('did:plc:bob', 'r1', ORIGINAL),
      blueskyRepost('did:plc:bob', 'r2', postUri('did:plc:ann', '2')),
      blueskyRepost('did:plc:bob', 'r1', ORIGINAL, { operation: 'update', cid: 'c2' }),
    ];
    const italian = pipeline()(lines, { languages: ['it'] });
    expect(italian.state).toMatchObject({
      accounting: { stored: 3, filtered: 1 },
      repostsWithoutOriginal: 0,
      lastSeq: 4,
    });
    const german = pipeline()(lines, { languages: ['de'] });
    // An update hides the versions before it, whatever its language.
    expect(german.rows.map(({ kind }) => kind)).toEqual(['tombstone']);
    expect(german.state).toMatchObject({ accounting: { received: 4, stored: 0, filtered: 4 }, lastSeq: 1 });
    const unknown = pipeline()(lines, { languages: ['und'] });
    expect(unknown.state).toMatchObject({ accounting: { stored: 3, filtered: 1 }, repostsWithoutOriginal: 3 });
  });

  it('has what the last posts had, and no others', () => {
    const limits = { posts: 3, bytes: 1e9, chunkPosts: 2, chunkBytes: 1e9 };
    const commit = pipeline(limits);
    commit(Array.from({ length: 5 }, (_, n) => blueskyPost('did:plc:ann', String(n), `post ${String(n)}`)));
    const reposts = Array.from({ length: 5 }, (_, n) =>
      blueskyRepost('did:plc:bob', `r${String(n)}`, postUri('did:plc:ann', String(n))),
    );
    const { rows } = commit(reposts);
    expect(rows.map(({ text }) => String(text).slice(0, 6))).toEqual(['', '', 'post 2', 'post 3', 'post 4']);
  });
});
