import { describe, expect, it } from 'vitest';
import { type IngestorEvent, readIngestorEvent } from './ingestor-event.js';

const accounting = {
  ...{ received: 9, stored: 3, duplicates: 1, deletes: 1, not_posts: 1, dead_letters: 2, filtered: 1 },
  pending: 0,
};
const EVENTS: readonly IngestorEvent[] = [
  { event: 'recovered', cutBytes: 10, cutLines: 1, segments: 2 },
  { event: 'fill-progress', progress: 0.5, stored: 3, perSecond: 20_000 },
  { event: 'replay-progress', progress: 1, stored: 3, perSecond: 0 },
  { event: 'live', posts: 3 },
  { event: 'accounting', accounting },
  { event: 'replay-done', from: 1, to: 2, accounting, importName: 'a-1f', problems: ['a.bz2 is cut off.'] },
  { event: 'problem', message: 'The disk is full.' },
  { event: 'fatal', message: 'The lake is locked.' },
];

describe('readIngestorEvent', () => {
  it.each(EVENTS)('reads $event as it was written', (event) => {
    expect(readIngestorEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each([
    ['text that a library printed', '(node:1) Warning: something'],
    ['other JSON', '{"level":30,"msg":"hello"}'],
    ['an event that nobody knows', '{"event":"renamed"}'],
    ['an event without its figures', '{"event":"live"}'],
    ['counters that are none', JSON.stringify({ event: 'accounting', accounting: { ...accounting, stored: -1 } })],
  ])('takes %s for no event', (_what, line) => {
    expect(readIngestorEvent(line)).toBeNull();
  });
});
