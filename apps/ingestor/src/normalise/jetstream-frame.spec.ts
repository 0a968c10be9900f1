import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';
import type { Normalised } from './normalised.js';

const ARRIVED = Date.UTC(2026, 6, 5);
const DID = 'did:plc:abc';
const COMMIT = {
  rev: '3mptbypcq372f',
  operation: 'create',
  collection: 'app.bsky.feed.post',
  rkey: '3mptbyoeyc22k',
  cid: 'bafy1',
  record: { text: 'é😀 #Tag', langs: ['en-US'], facets: [] },
};

function normalise(line: unknown, handles?: ReadonlyMap<string, string>): Normalised | undefined {
  const context = { arrivedAt: ARRIVED, path: 'stream', source: null, shiftMs: 0, handles } as const;
  return normaliseLine(Buffer.from(JSON.stringify(line)), context)[0];
}

const v1 = (more: Record<string, unknown>): unknown => ({ did: DID, time_us: 1783175888090631, ...more });
const v2 = (kind: string, more: Record<string, unknown>): unknown => ({
  $type: 'message',
  payload: {
    ...{ $type: `network.bsky.jetstream.subscribeEvents#${kind}`, seq: 12345, did: DID },
    ...{ time: '2026-07-04T14:38:08.090631Z', ...more },
  },
});

/** A record less its bytes, which differ. */
const parts = (record: Normalised | undefined): unknown => ({ ...record, raw: undefined });

describe('a frame of Jetstream v2', () => {
  it.each([
    ['a post', COMMIT],
    ['an update', { ...COMMIT, operation: 'update', cid: 'bafy2' }],
    ['a delete', { ...COMMIT, operation: 'delete', record: undefined, cid: undefined }],
    ['a like', { ...COMMIT, collection: 'app.bsky.feed.like' }],
    ['a post without text', { ...COMMIT, record: {} }],
    ['an operation that nobody knows', { ...COMMIT, operation: 'twist' }],
  ])('of %s becomes what the event of v1 becomes', (_, commit) => {
    expect(parts(normalise(v2('commit', commit)))).toEqual(parts(normalise(v1({ kind: 'commit', commit }))));
  });

  it('of an author becomes what the event of v1 becomes', () => {
    const account = { active: false, status: 'deactivated', did: DID, seq: 1, time: '2026-07-04T14:38:08.000Z' };
    const identity = { did: DID, handle: 'a.example', seq: 1, time: '2026-07-04T14:38:08.000Z' };
    expect(normalise(v2('account', { account }))).toEqual(normalise(v1({ kind: 'account', account })));
    expect(normalise(v2('identity', { identity }))).toEqual(normalise(v1({ kind: 'identity', identity })));
  });

  it.each([
    ['an advice', v2('info', { name: 'OutdatedCursor' })],
    ['an error', { $type: 'error', error: 'ConsumerTooSlow' }],
    ['a sync event', v2('sync', { sync: {} })],
    ['a kind of a newer server', v2('hologram', {})],
    ['another protocol', { $type: 'message', payload: { $type: 'com.example.stream#commit', ...COMMIT } }],
    ['a payload that is none', { $type: 'message', payload: 'x' }],
  ])('with %s is no post', (_, frame) => {
    expect(normalise(frame)).toEqual({ kind: 'not-post' });
  });

  it.each(['2026-07-04 14:38:08Z', '2026-02-31T00:00:00.000000Z', 'x', 5, null])(
    'without a time (%j) is a dead letter',
    (time) => {
      expect(normalise(v2('commit', { ...COMMIT, time }))).toMatchObject({ kind: 'dead-letter', stage: 'normalise' });
    },
  );
});

it('takes the name of an author that the source knows, and none where it knows none', () => {
  const handles = new Map([[DID, 'bob.example']]);
  const post = v1({ kind: 'commit', commit: COMMIT });
  expect(normalise(post, handles)).toMatchObject({ post: { author_username: 'bob.example' } });
  expect(normalise(post, new Map())).toMatchObject({ post: { author_username: null } });
  expect(normalise(post)).toMatchObject({ post: { author_username: null } });
});
