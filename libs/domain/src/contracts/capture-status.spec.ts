import { describe, expect, it } from 'vitest';
import { CAPTURE_STATES } from '../capture/capture-state.js';
import { POST_SOURCES } from '../post.js';
import { captureKey, type CaptureStatus, captureStatusSchema, NO_CONNECTION } from './capture-status.js';

const status: CaptureStatus = {
  state: 'LIVE',
  problem: null,
  demo: false,
  accounting: {
    ...{ received: 9, stored: 3, duplicates: 1, deletes: 1, not_posts: 1, dead_letters: 2, filtered: 1 },
    pending: 0,
  },
  repostsWithoutOriginal: 0,
  sources: [{ name: 'demo', state: 'LIVE', problems: [], lagMs: 0, ...NO_CONNECTION, perSecond: [0, 2] }],
  log: { bytes: 10, maxBytes: 100, oldestPendingMs: null },
  lake: { bytes: 1000, freeBytes: null },
  deadLetters: [{ reason: 'not JSON', count: 2, samples: ['{'] }],
  rates: POST_SOURCES.map((source) => ({ source, perSecond: [0, 1] })),
  recent: [{ id: '1', source: 'x', created_at: '2026-03-01T10:00:00.000Z', text: 'hi', author_username: null }],
  progress: null,
  posts: 3,
  oldest: 5,
  watermark: 99,
};

describe('captureStatusSchema', () => {
  it.each(CAPTURE_STATES)('takes a status in the state %s', (state) => {
    expect(captureStatusSchema.parse(JSON.parse(JSON.stringify({ ...status, state })))).toEqual({ ...status, state });
  });

  it('knows no sources where an older ingestor names none', () => {
    expect(captureStatusSchema.parse({ ...status, sources: undefined })).toEqual({ ...status, sources: [] });
  });

  it('knows nothing of the log, the lake and dead letters where an older ingestor says nothing', () => {
    const older = { ...status, log: undefined, lake: undefined, deadLetters: undefined };
    expect(captureStatusSchema.parse(older)).toEqual({ ...status, log: null, lake: null, deadLetters: [] });
  });

  it('drops what a newer ingestor adds', () => {
    expect(captureStatusSchema.parse({ ...status, lag: 3 })).toEqual(status);
  });

  it.each<[string, object]>([
    ['a state that nobody knows', { state: 'SLEEPING' }],
    ['a source that nobody knows', { rates: [{ source: 'myspace', perSecond: [] }] }],
    ['counters that are not whole', { accounting: { ...status.accounting, pending: 0.5 } }],
    ['a source whose state nobody knows', { sources: [{ ...status.sources[0], state: 'ASLEEP' }] }],
    ['a missing watermark', { watermark: undefined }],
  ])('refuses %s', (_what, change) => {
    expect(captureStatusSchema.safeParse({ ...status, ...change }).success).toBe(false);
  });
});

it('has one key for each deployment', () => {
  expect(captureKey('ta:')).toBe('{ta}:capture');
});
