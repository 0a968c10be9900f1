import type { Analysis, AnalysisResult } from '../app/data/analysis';
import type { Capture } from '../app/data/capture-feed';

const EMPTY_LIST = { distinct: 0, postsWith: 0, entries: [] };
const NOON = '2026-11-20T12:00:00.000Z';

export function analysisResult(change: Partial<AnalysisResult> = {}): AnalysisResult {
  return {
    complete: true,
    hash: 'hash',
    posts: 3,
    retweets: 1,
    replies: 0,
    quotes: 0,
    authors: 2,
    words: 9,
    scannedPosts: 1_000,
    elapsedMs: 420,
    missingHours: [],
    topHashtags: EMPTY_LIST,
    topWords: EMPTY_LIST,
    topMentions: EMPTY_LIST,
    topAuthors: EMPTY_LIST,
    topDomains: EMPTY_LIST,
    volume: { bucket: 'HOUR_1', buckets: [] },
    peakHours: { posts: [], coveredHours: [], uncapturedHours: [] },
    ...change,
  };
}

/** An analysis that runs; `change` says what is different. */
export function analysis(change: Partial<Analysis> = {}): Analysis {
  return {
    id: 'analysis-1',
    status: 'RUNNING',
    topic: 'cats',
    canonicalTopic: 'cats',
    from: '2026-11-19T12:00:00.000Z',
    to: NOON,
    preset: 'LAST_24_HOURS',
    timeZone: 'UTC',
    includeStopWords: false,
    includeRetweetWords: false,
    engine: 'EMBEDDED',
    engineChoice: 'EMBEDDED',
    snapshot: { id: 'snapshot-0001', watermark: NOON, files: 3, posts: 1_000 },
    createdAt: NOON,
    startedAt: NOON,
    finishedAt: null,
    queuePosition: null,
    progress: { partitionsDone: 0, partitionsTotal: 4, matchedPosts: 0, readFrom: null, waiting: false },
    error: null,
    receipt: null,
    result: null,
    ...change,
  };
}

export function completeAnalysis(change: Partial<Analysis> = {}): Analysis {
  return analysis({ status: 'SUCCEEDED', finishedAt: NOON, result: analysisResult(), ...change });
}

/** What the mutation answers. */
export function started(value: Analysis): object {
  return { startAnalysis: { analysis: value, userErrors: [] } };
}

/** What the subscription sends. */
export function event(seq: number, value: Analysis): object {
  return { analysisEvents: { seq, analysis: value } };
}

/** A capture that is live. */
export function liveCapture(change: Partial<Capture> = {}): Capture {
  return {
    state: 'LIVE',
    problem: null,
    demo: false,
    progress: null,
    watermark: new Date().toISOString(),
    oldest: new Date(Date.now() - 7 * 86_400_000).toISOString(),
    posts: 1_234_567,
    rates: [{ source: 'X', perSecond: Array<number>(60).fill(2) }],
    recent: [{ id: '1', source: 'X', createdAt: new Date().toISOString(), text: 'Hello', authorUsername: 'a' }],
    ...change,
  };
}
