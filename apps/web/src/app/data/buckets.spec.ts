import { bucketForWidth, bucketText, isCut } from './buckets';

const DAY = 86_400_000;

describe('buckets', () => {
  it('are those of the domain, as the API calls them', () => {
    expect(bucketForWidth({ from: 0, to: 7 * DAY }, 944)).toBe('HOUR_1');
    expect(bucketForWidth({ from: 0, to: 7 * DAY }, 328)).toBe('HOURS_3');
    expect(bucketForWidth({ from: 0, to: DAY }, 944)).toBe('MINUTES_15');
    expect(bucketForWidth({ from: 0, to: DAY / 12 }, 944)).toBe('MINUTES_5');
    expect(bucketForWidth({ from: 0, to: 3_000 * DAY }, 328)).toBe('MONTH_1');
  });
  it('know when they are cut, and that a day of 23 hours is not', () => {
    expect(isCut('HOUR_1', 0, 1_800_000)).toBe(true);
    expect(isCut('HOUR_1', 0, 3_600_000)).toBe(false);
    expect(isCut('DAY_1', 0, 23 * 3_600_000)).toBe(false);
    expect(isCut('MONTH_1', 0, 28 * DAY)).toBe(false);
    expect(isCut('WEEK_1', 0, 6 * DAY)).toBe(true);
    expect(bucketText('HOURS_3')).toBe('3 hours');
  });
});
