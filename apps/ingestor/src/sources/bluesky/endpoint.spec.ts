import { describe, expect, it } from 'vitest';
import { parseEndpoints, subscriptionUrl } from './endpoint.js';
import { cursorOf, positionOf, resumptionOf } from './position.js';

const V2 = '/xrpc/network.bsky.jetstream.subscribeEvents';

describe('servers', () => {
  it('are the four public ones by default', () => {
    expect(parseEndpoints().map(({ host, protocol }) => `${protocol} ${host}`)).toEqual([
      'v1 jetstream1.us-east.bsky.network',
      'v1 jetstream2.us-east.bsky.network',
      'v1 jetstream1.us-west.bsky.network',
      'v1 jetstream2.us-west.bsky.network',
    ]);
  });

  it('are told apart by their paths, and each is one', () => {
    const list = ` ws://a:1/subscribe/ ,wss://b/prefix${V2}, ws://a:1/subscribe`;
    expect(parseEndpoints(list).map(({ protocol, id }) => [protocol, id])).toEqual([
      ['v1', 'a:1/subscribe'],
      ['v2', `b/prefix${V2}`],
    ]);
  });

  it.each(['', ' , ', 'jetstream', 'https://a/subscribe', 'wss://user:secret@a/firehose', 'wss://user:secret@['])(
    'are refused without showing a secret: %j',
    (list) => {
      expect(() => parseEndpoints(list)).toThrow(/^BLUESKY_JETSTREAM_URL is not usable: [^/]*(?!.*secret)/);
      expect(() => parseEndpoints(list)).not.toThrow(/secret/);
    },
  );

  it('are asked for posts and reposts, from the cursor on', () => {
    const [v1, v2] = parseEndpoints(`ws://a/subscribe?wantedDids=did:plc:x&cursor=1&compress=true,ws://a${V2}`);
    if (v1 === undefined || v2 === undefined) throw new Error('Two servers are listed.');
    expect(subscriptionUrl(v1, 17, null)).toBe(
      'ws://a/subscribe?wantedDids=did%3Aplc%3Ax&wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost&cursor=17',
    );
    expect(subscriptionUrl(v2, null, 100)).toBe(
      `ws://a${V2}?collections=app.bsky.feed.post&collections=app.bsky.feed.repost&kinds=commit&kinds=identity&kinds=account&maxMessageSizeBytes=100`,
    );
  });
});

describe('a position', () => {
  const [v1, v2, other] = parseEndpoints(`ws://a/subscribe,ws://a${V2},ws://b${V2}`);
  if (v1 === undefined || v2 === undefined || other === undefined) throw new Error('Three servers are listed.');
  const TIME = 1_783_175_888_090_631;
  const at = (endpoint: string) => ({ endpoint, timeUs: TIME, seq: 12_345, reached: 1_783_175_888_100 });

  it('comes back from the log as it was', () => {
    expect(positionOf(cursorOf(at(v1.id)))).toEqual(at(v1.id));
    expect(positionOf(cursorOf(null))).toBeNull();
    expect(positionOf(null)).toBeNull();
    expect(positionOf({ server: 'a', time_us: -1, seq: null, reached: 0 })).toBeNull();
  });

  it('is a number on a v2 server that gave it, else a time: some seconds back, more at another server', () => {
    expect(resumptionOf(at(v2.id), v2, false)).toEqual({ cursor: 12_345, isSeq: true, from: 1_783_175_888_090 });
    expect(resumptionOf(at(v1.id), v1, false)).toMatchObject({ cursor: TIME - 2_000_000, isSeq: false });
    expect(resumptionOf(at(v2.id), v2, true)).toMatchObject({ cursor: TIME - 10_000_000, isSeq: false });
    expect(resumptionOf(at(v2.id), other, false)).toMatchObject({ cursor: TIME - 10_000_000, isSeq: false });
    expect(resumptionOf(at(v1.id), v2, false)).toMatchObject({ cursor: TIME - 10_000_000, isSeq: false });
  });
});
