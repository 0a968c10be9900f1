import type { CaptureStatus, SourceStatus } from '../app/data/capture-detail';

/** A source that captures from Bluesky. */
export function liveSource(change: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: 'bluesky',
    state: 'LIVE',
    problems: [],
    lagMs: 1_800,
    perSecond: Array<number>(60).fill(186),
    connection: {
      host: 'jetstream1.us-east.bsky.network',
      since: new Date().toISOString(),
      lastPostAt: new Date().toISOString(),
      reconnects: [],
    },
    rules: null,
    usage: null,
    ...change,
  };
}

/** All that a capture in good health says of itself. */
export function captureStatus(change: Partial<CaptureStatus> = {}): CaptureStatus {
  return {
    state: 'LIVE',
    problem: null,
    demo: false,
    progress: null,
    watermark: new Date().toISOString(),
    oldest: '2026-10-13T00:00:00.000Z',
    posts: 344_912_077,
    recent: [{ id: '1', createdAt: new Date().toISOString() }],
    accounting: {
      ...{ received: 61_602_744, stored: 61_482_310, duplicates: 119_208, deletes: 0, notPosts: 0 },
      ...{ deadLetters: 312, filtered: 0, pending: 914 },
    },
    sources: [liveSource()],
    log: { bytes: 5 * 1024 ** 2, maxBytes: 10 * 1024 ** 3, oldestPendingMs: 40 },
    lake: { bytes: 155 * 1024 ** 3, freeBytes: 212 * 1024 ** 3 },
    deadLetters: [
      { reason: 'created_at is before 2006', count: 204, samples: [] },
      { reason: 'not JSON', count: 108, samples: ['<script>alert(1)</script>'] },
    ],
    ...change,
  };
}
