import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RAW_BYTES } from './limits.js';
import { latestCreatedAt, normaliseLine } from './normalise-line.js';
import type { Normalised, NormaliseContext } from './normalised.js';

const ARRIVED = Date.UTC(2026, 6, 4, 12);
const CONTEXT: NormaliseContext = { arrivedAt: ARRIVED, path: 'replay', source: null, shiftMs: 0 };

const V1 = {
  id_str: '1146304818337722368',
  created_at: 'Wed Jul 03 06:29:00 +0000 2019',
  text: 'The black #Cat, @bob',
  lang: 'en',
  user: { id_str: '7', screen_name: 'ann', followers_count: 3 },
  entities: {
    hashtags: [{ text: 'Cat', indices: [10, 14] }],
    user_mentions: [{ screen_name: 'bob', indices: [16, 20] }],
  },
};
const V2 = { id: '1377650090978992134', author_id: '9', created_at: '2021-04-01T15:52:31.000Z', text: 'hello' };
const BLUESKY = {
  did: 'did:plc:abc',
  kind: 'commit',
  time_us: 1783168688090631,
  commit: {
    operation: 'create',
    collection: 'app.bsky.feed.post',
    rkey: '3mptbyoeyc22k',
    cid: 'bafy1',
    record: { text: 'hi', langs: ['en-US'] },
  },
};

function normalise(value: unknown, context: Partial<NormaliseContext> = {}): readonly Normalised[] {
  const line = Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return normaliseLine(line, { ...CONTEXT, ...context });
}

function deadLetter(value: unknown): { stage: string; reason: string } {
  const [first, ...more] = normalise(value);
  expect(more).toEqual([]);
  if (first?.kind !== 'dead-letter') throw new Error(`expected a dead letter, not ${JSON.stringify(first)}`);
  return { stage: first.stage, reason: first.reason };
}

describe('the shape of a line', () => {
  it.each([
    ['a v1.1 tweet', V1, ['post']],
    ['a v1.1 tweet with full_text alone', { ...V1, text: undefined, full_text: 'x' }, ['post']],
    ['a v1.1 delete', { delete: { status: { id_str: '5' } } }, ['delete']],
    ['a v2 stream line', { data: V2 }, ['post']],
    ['a v2 page', { data: [V2, V2], meta: {} }, ['post', 'post']],
    ['a v2 page with one bad post', { data: [V2, { id: '1' }, V2] }, ['post', 'dead-letter', 'post']],
    ['an empty v2 page', { meta: { result_count: 0 } }, ['not-post']],
    ['a v2 page with an empty list', { data: [] }, ['not-post']],
    ['an in-band error', { errors: [{ title: 'operational-disconnect' }] }, ['not-post']],
    ['a Jetstream post', BLUESKY, ['post']],
    ['a Jetstream identity event', { did: 'did:plc:abc', kind: 'identity', time_us: 1 }, ['not-post']],
    ['a Jetstream like', { ...BLUESKY, commit: { collection: 'app.bsky.feed.like' } }, ['not-post']],
    ['scrub_geo', { scrub_geo: { user_id: 1, up_to_status_id: 2 } }, ['removals']],
    ['an empty object', {}, ['not-post']],
  ])('%s', (_, value, kinds) => {
    expect(normalise(value).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('is not looked for on the prototype', () => {
    expect(normalise('{"__proto__":{"delete":{"status":{"id_str":"1"}}}}')).toEqual([{ kind: 'not-post' }]);
  });

  it('may follow a byte order mark', () => {
    expect(normalise(`\ufeff${JSON.stringify(V1)}`)[0]?.kind).toBe('post');
  });
});

describe('dead letters', () => {
  it.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'decode', /UTF-8/],
    ['a torn line', '{"data": {"author_id": "1021159080151404544"', 'parse', /not JSON/],
    ['an empty line', '', 'parse', /empty/],
    ['an array', '[1]', 'normalise', /not an object/],
    ['a number', '5', 'normalise', /not an object/],
    ['no id', { ...V1, id_str: 5 }, 'normalise', /id_str/],
    ['no author', { ...V1, user: { id: 7 } }, 'normalise', /author/],
    ['a text that is a number', { ...V1, text: 5 }, 'normalise', /text/],
    ['an impossible date', { ...V1, created_at: 'Wed Feb 31 06:29:00 +0000 2019' }, 'normalise', /not a time/],
    ['a time before 2006', { ...V1, created_at: 'Wed Jul 03 06:29:00 +0000 1999' }, 'normalise', /2006/],
    ['a time to come', { ...V1, created_at: 'Wed Jul 08 06:29:00 +0000 2026' }, 'normalise', /after arrival/],
    ['no time, and an old id', { ...V1, created_at: null, id_str: '20' }, 'normalise', /no time/],
    ['a delete of nothing', { delete: {} }, 'normalise', /delete/],
    ['data that is text', { data: 'x' }, 'normalise', /data/],
    ['a did that is none', { ...BLUESKY, did: 5 }, 'normalise', /DID/],
    ['a Jetstream post without time', { ...BLUESKY, time_us: '1' }, 'normalise', /time_us/],
    ['a text over the limit', { ...V1, text: 'x'.repeat(100_001) }, 'normalise', /100000/],
    [
      'many links',
      { ...V1, entities: { urls: Array(11).fill({ expanded_url: 'y'.repeat(1e4) }) } },
      'normalise',
      /100000/,
    ],
    ['a page of an attacker', { data: Array(10_001).fill(0) }, 'normalise', /10000/],
  ])('%s', (_, value, stage, reason) => {
    expect(deadLetter(value)).toEqual({ stage, reason: expect.stringMatching(reason) as string });
  });

  it('keep the bytes as they came', () => {
    const raw = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(normalise(raw)).toMatchObject([{ kind: 'dead-letter', raw }]);
  });

  it('keep at most 1 MiB, and say so', () => {
    const [letter] = normalise(Buffer.alloc(MAX_RAW_BYTES + 5, 'x'));
    expect(letter).toMatchObject({ kind: 'dead-letter', reason: expect.stringContaining('1048581 bytes') as string });
    expect(letter?.kind === 'dead-letter' && letter.raw.length).toBe(MAX_RAW_BYTES);
  });

  it('of a page keep their own post alone', () => {
    const [, letter] = normalise({ data: [V2, { id: '1' }] });
    expect(letter?.kind === 'dead-letter' && letter.raw.toString()).toBe('{"id":"1"}');
  });
});

describe('context', () => {
  it('gives the source, the path and the arrival time', () => {
    expect(normalise(V1, { source: 'demo', path: 'stream' })).toMatchObject([
      { post: { source: 'demo', ingest_path: 'stream', ingested_at: '2026-07-04T12:00:00.000Z' } },
    ]);
    expect(normalise({ delete: { status: { id_str: '5' } } }, { source: 'demo' })).toEqual([
      { kind: 'delete', tombstone: { source: 'demo', id: '5', before: null, ingested_at: '2026-07-04T12:00:00.000Z' } },
    ]);
  });

  it('shifts times after they were found credible', () => {
    const shiftMs = 10 * 365 * 86_400_000;
    const retweet = { ...V1, retweeted_status: { ...V1, id_str: '1146304818337722000' } };
    expect(normalise(retweet, { shiftMs })).toMatchObject([
      { post: { created_at: '2029-06-30T06:29:00.000Z', retweet_of_created_at: '2029-06-30T06:29:00.000Z' } },
    ]);
  });
});

describe('latestCreatedAt', () => {
  it('is the greatest time of the posts of a line, null where there is none', () => {
    const later = { ...V2, created_at: '2021-04-02T00:00:00.000Z' };
    expect(latestCreatedAt(Buffer.from(JSON.stringify({ data: [V2, later, V2] })), ARRIVED)).toBe(Date.UTC(2021, 3, 2));
    for (const line of ['{', '{"delete":{"status":{"id_str":"5"}}}', '{"data":{"id":"1"}}']) {
      expect(latestCreatedAt(Buffer.from(line), ARRIVED)).toBeNull();
    }
  });
});

describe('hostile input', () => {
  const value = fc.anything({ withNullPrototype: false, withBigInt: false, maxDepth: 3 });
  const junk = fc.oneof(
    value,
    fc.constantFrom('', '\u0000', '\ud800', '__proto__', 'constructor', -1, 1e308, NaN, null, [], {}, [[[[]]]], true),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  /** A real record in which some field, however deep, is anything. */
  const spoiled = fc
    .tuple(
      fc.constantFrom<unknown>(V1, { ...V1, retweeted_status: V1 }, { data: V2 }, { data: [V2, V2] }, BLUESKY),
      fc.nat(),
      junk,
    )
    .map(([record, where, with_]) => spoil(structuredClone(record), where, with_));

  function accounted(line: Buffer): void {
    const found = normaliseLine(line, CONTEXT);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      if (one.kind !== 'post') continue;
      const row = JSON.stringify(one.post);
      // What the log writes must come back as it was: no lone surrogate, no invalid time.
      expect(row.isWellFormed() && !/\\ud[89a-f]/.test(row)).toBe(true);
      expect(new Date(one.post.created_at).toISOString()).toBe(one.post.created_at);
      expect(one.post.tags.trim().split(' ').filter(Boolean)).toHaveLength(one.post.hashtags.length);
    }
  }

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => accounted(Buffer.from(bytes))));
  });

  it('never throws on any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => accounted(Buffer.from(JSON.stringify(json)))));
  });

  it('never throws on records with any field spoiled', () => {
    fc.assert(
      fc.property(spoiled, (record) => accounted(Buffer.from(JSON.stringify(record)))),
      { numRuns: 2000 },
    );
  });

  it('survives deep nesting', () => {
    accounted(Buffer.from('['.repeat(1_000_000)));
    accounted(Buffer.from(`{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`));
    accounted(
      Buffer.from(JSON.stringify(V1).replace('"lang":"en"', `"lang":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)),
    );
  });

  it('takes no long time over a long text', () => {
    for (const unit of ['@', '#a', '@a ', 'a.', 'http://', '＃', '&amp;', '東', '👩‍👩‍👧', 'www.', 'a.co/', '\u0301']) {
      const text = unit.repeat(Math.floor(99_000 / unit.length));
      const before = process.cpuUsage();
      accounted(Buffer.from(JSON.stringify({ ...V1, entities: undefined, text })));
      expect(process.cpuUsage(before).user / 1_000, `${unit} …`).toBeLessThan(3_000);
    }
  });
});

/** Replaces the n-th field, counted through the whole tree, by something else. */
function spoil(record: unknown, n: number, replacement: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const holder = node as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      visit(holder[key]);
    }
  };
  visit(record);
  const place = places[n % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = replacement;
  return record;
}
