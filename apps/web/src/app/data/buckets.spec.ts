import { bucketForWidth, bucketText, cutShort } from './buckets';

const DAY = 86_400_000;

describe('buckets', () => {
  it('are the smallest whose bars have 4.5 px', () => {
    expect(bucketForWidth(0, 7 * DAY, 944)).toBe('HOUR_1');
    expect(bucketForWidth(0, 7 * DAY, 328)).toBe('HOURS_3');
    expect(bucketForWidth(0, DAY, 944)).toBe('MINUTES_15');
    expect(bucketForWidth(0, 2 * 3_600_000, 944)).toBe('MINUTES_5');
    expect(bucketForWidth(0, 3_000 * DAY, 328)).toBe('MONTH_1');
  });
  it('know when they are cut, and that a day of 23 hours is not', () => {
    expect(cutShort('HOUR_1', 0, 1_800_000)).toBe(true);
    expect(cutShort('HOUR_1', 0, 3_600_000)).toBe(false);
    expect(cutShort('DAY_1', 0, 23 * 3_600_000)).toBe(false);
    expect(bucketText('HOURS_3')).toBe('3 hours');
  });
});
