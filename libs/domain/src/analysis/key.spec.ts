import { describe, expect, it } from 'vitest';
import { analysisKeyMaterial, canonicalJson, canonicalSpec, resultHashMaterial } from './key.js';
import type { AnalysisResult, DisplayPost, RankedList } from './result.js';
import type { AnalysisSpec } from './spec.js';

const SPEC: AnalysisSpec = {
  topic: 'cat',
  interval: { from: 1, to: 2 },
  timeZone: 'UTC',
  includeStopWords: false,
  includeRetweetWords: false,
};

const POST: DisplayPost = {
  id: '1',
  source: 'x',
  created_at: '2026-01-01T00:00:00.000Z',
  text: 'cat',
  lang: 'en',
  author_id: '7',
  author_username: null,
  hashtags: [],
  mentions: [],
  urls: [],
  retweet_of: null,
  retweet_of_author_id: null,
  retweet_of_author_username: null,
  retweet_of_created_at: null,
  quote_of: null,
  reply_to: null,
  retweet_count: null,
  reply_count: null,
  like_count: null,
  quote_count: null,
};
const LIST: RankedList = {
  entries: [{ key: 'a', label: 'A', posts: 1, uses: 1, authors: 1 }],
  distinct: 1,
  postsWith: 1,
};
const RESULT: AnalysisResult = {
  complete: true,
  scannedPosts: 10,
  counts: { posts: 1, retweets: 0, replies: 0, quotes: 0, authors: 1, words: 1 },
  hashtags: LIST,
  words: LIST,
  mentions: LIST,
  authors: LIST,
  domains: LIST,
  cells: [{ start: 0, posts: 1, retweets: 0, replies: 0, quotes: 0 }],
  newest: [POST],
  mostRetweeted: [{ retweetOf: '1', source: 'x', capturedRetweets: 1, reportedRetweets: null, post: POST }],
  missingHours: [],
};

describe('analysis key (rule 21)', () => {
  it('is the same for the same question, in whatever order it is written', () => {
    const turned = Object.fromEntries(Object.entries(SPEC).reverse()) as unknown as AnalysisSpec;
    expect(canonicalSpec(turned)).toBe(canonicalSpec(SPEC));
    expect(canonicalSpec({ ...SPEC, note: 'x' } as AnalysisSpec)).toBe(canonicalSpec(SPEC));
  });

  it('differs with everything that the answer depends on', () => {
    const keys = [
      analysisKeyMaterial(SPEC, 'embedded', 's1'),
      analysisKeyMaterial(SPEC, 'cluster', 's1'),
      analysisKeyMaterial(SPEC, 'embedded', 's2'),
      ...[
        { topic: 'dog' },
        { interval: { from: 0, to: 2 } },
        { interval: { from: 1, to: 3 } },
        { timeZone: 'Europe/Rome' },
        { includeStopWords: true },
        { includeRetweetWords: true },
      ].map((change) => analysisKeyMaterial({ ...SPEC, ...change }, 'embedded', 's1')),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('writes JSON in one way', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  });
});

describe('result hash', () => {
  it('covers figures and rows, and not how the run went', () => {
    const hash = resultHashMaterial(RESULT);
    expect(resultHashMaterial({ ...RESULT, scannedPosts: 11 })).toBe(hash);
    for (const changed of [
      { counts: { ...RESULT.counts, words: 2 } },
      { domains: { ...LIST, distinct: 2 } },
      { cells: [] },
      { newest: [] },
      { mostRetweeted: [] },
      { missingHours: [{ from: 0, to: 1, reason: 'FILE_DAMAGED' as const }] },
      { missingHours: [{ from: 0, to: 1, reason: 'FILE_MISSING' as const }] },
    ]) {
      expect(resultHashMaterial({ ...RESULT, ...changed })).not.toBe(hash);
    }
  });
});
