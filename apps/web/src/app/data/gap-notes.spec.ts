import { gapLabel, gapReasons } from './gap-notes';
import type { UncapturedTime } from './not-captured';

const at = (time: string): number => Date.parse(`2026-11-${time}:00.000Z`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const DAY = span('21T00:00', '22T00:00');
const WEEK = span('16T00:00', '23T00:00');

describe('the label of a time that was not captured', () => {
  it('has its clock times in the zone of the answer', () => {
    expect(gapLabel(span('21T01:10', '21T03:40'), DAY, false, 'Europe/Rome')).toBe('No capture 02:10–04:40');
    expect(gapLabel({ from: at('21T01:10'), to: at('21T01:10') + 34_000 }, DAY, false, 'UTC')).toBe(
      'No capture 01:10, 34 s',
    );
  });

  it('has the days where the interval has several', () => {
    expect(gapLabel(span('20T23:00', '21T03:40'), WEEK, false, 'UTC')).toBe('No capture Fri, 23:00 – Sat, 03:40');
  });

  it('has one end where it reaches the edge of the interval, and none where it is all of it', () => {
    expect(gapLabel(span('21T00:00', '21T03:40'), DAY, false, 'UTC')).toBe('No capture before 03:40');
    expect(gapLabel(span('21T22:00', '22T00:00'), DAY, true, 'UTC')).toBe('No capture since 22:00');
    expect(gapLabel(span('21T22:00', '22T00:00'), DAY, false, 'UTC')).toBe('No capture 22:00 – 00:00');
    expect(gapLabel(DAY, DAY, false, 'UTC')).toBe('No capture');
  });
});

describe('why a bucket lacks posts', () => {
  const bucket = span('21T02:00', '21T03:00');
  const time = (from: string, to: string, told: Partial<UncapturedTime> = {}): UncapturedTime => ({
    ...{ ...span(from, to), goesOn: false, why: 'Bluesky, disconnected' },
    ...told,
  });

  it('is said of the times that meet it, the earliest first', () => {
    const times = [
      time('21T02:50', '21T04:00', { goesOn: true }),
      time('21T02:10', '21T02:15'),
      time('20T23:00', '21T02:05', { why: 'X, search, the platform refused' }),
      time('21T03:00', '21T03:10'),
    ];
    expect(gapReasons(bucket, DAY, times, 'UTC')).toEqual([
      'before 02:05: X, search, the platform refused',
      '02:10–02:15: Bluesky, disconnected',
      'since 02:50: Bluesky, disconnected',
    ]);
    expect(gapReasons(bucket, WEEK, times, 'UTC')[0]).toBe(
      'Fri 20 Nov, 23:00 – 02:05: X, search, the platform refused',
    );
    expect(gapReasons(span('21T05:00', '21T06:00'), DAY, times, 'UTC')).toEqual([]);
  });

  it('is that no source was switched on, where that is so; of many the rest is counted', () => {
    const off = time('21T00:00', '21T02:30', { why: null });
    expect(gapReasons(bucket, DAY, [off], 'UTC')).toEqual(['before 02:30: no source was switched on']);
    const many = ['01', '11', '21', '31', '41'].map((minute) =>
      time(`21T02:${minute}`, `21T02:${minute.slice(0, 1)}5`),
    );
    expect(gapReasons(bucket, DAY, many, 'UTC').at(-1)).toBe('and 2 more');
  });
});
