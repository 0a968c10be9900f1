import { capturedSpanText, newestPostTime } from './captured-span';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26, 12);

describe('what there is to ask about', () => {
  it('are the last days where posts come in', () => {
    expect(capturedSpanText(NOW - 7 * DAY, NOW - 10_000, 'UTC', NOW)).toBe('captured over the last 7 days');
  });
  it('are the days that a replay was written on', () => {
    const july = Date.UTC(2019, 6, 3, 6, 29);
    expect(capturedSpanText(july, july + 60_000, 'UTC', NOW)).toBe('written on Wed 3 Jul 2019');
    expect(capturedSpanText(july, july + DAY, 'UTC', NOW)).toBe('written from Wed 3 Jul 2019 to Thu 4 Jul 2019');
    expect(capturedSpanText(july, null, 'UTC', NOW)).toBe('written since Wed 3 Jul 2019');
  });
  it('end with the newest of the posts that came last, in whatever order they came', () => {
    expect(
      newestPostTime({ recent: [{ createdAt: '2019-07-03T06:29:00Z' }, { createdAt: '2019-07-03T06:30:00Z' }] }),
    ).toBe(Date.UTC(2019, 6, 3, 6, 30));
    expect(newestPostTime({ recent: [] })).toBeNull();
  });
});
