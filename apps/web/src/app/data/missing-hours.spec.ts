import { describe, expect, it } from 'vitest';
import { hoursWithoutPosts, missingSentences } from './missing-hours';

type Reason = 'FILE_MISSING' | 'FILE_DAMAGED' | 'DELETES_UNREADABLE';
const hours = (from: string, to: string, reason: Reason) => ({
  from: `2026-11-${from}:00:00.000Z`,
  to: `2026-11-${to}:00:00.000Z`,
  reason,
});
const sentences = (...missingHours: ReturnType<typeof hours>[]) => missingSentences({ missingHours }, 'UTC');

describe('what a result lacks', () => {
  it('is nothing as a rule', () => {
    expect(sentences()).toEqual([]);
    expect(hoursWithoutPosts({ missingHours: [] })).toEqual([]);
  });

  it('is said in one sentence', () => {
    expect(sentences(hours('19T10', '19T11', 'FILE_DAMAGED'))).toEqual([
      '1 hour is missing, Thu 19 Nov, 10:00 – 11:00: its file cannot be read. The figures are those of the other hours.',
    ]);
    expect(sentences(hours('19T10', '19T12', 'FILE_MISSING'), hours('20T01', '20T02', 'FILE_MISSING'))).toEqual([
      '3 hours are missing, the first Thu 19 Nov, 10:00 – 12:00: their files are gone. The figures are those of the other hours.',
    ]);
    expect(sentences(hours('19T10', '20T12', 'FILE_DAMAGED'))[0]).toContain('Thu 19 Nov, 10:00 – Fri 20 Nov, 12:00');
  });

  it('is in the zone of the answer', () => {
    const missingHours = [hours('19T10', '19T11', 'FILE_DAMAGED')];
    expect(missingSentences({ missingHours }, 'Asia/Tokyo')[0]).toContain('Thu 19 Nov, 19:00 – 20:00');
  });

  it('keeps deletes apart: they are no hours without posts', () => {
    const missingHours = [hours('19T10', '19T11', 'DELETES_UNREADABLE'), hours('19T12', '19T13', 'FILE_DAMAGED')];
    expect(missingSentences({ missingHours }, 'UTC')).toEqual([
      '1 hour is missing, Thu 19 Nov, 12:00 – 13:00: its file cannot be read. The figures are those of the other hours.',
      'Deletes of 1 hour cannot be read, Thu 19 Nov, 10:00 – 11:00: deleted posts may be among these.',
    ]);
    expect(hoursWithoutPosts({ missingHours })).toHaveLength(1);
  });
});
