import { type Bar, barLabel } from './bar';

const HOUR = 3_600_000;
const bars = (from: number, count: number, length: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({
    from: from + i * length,
    to: from + (i + 1) * length,
    value: i,
    cut: false,
    waiting: false,
    missing: false,
  }));

describe('bars', () => {
  it('are called by their time in the zone, whole days by the day', () => {
    const [hour] = bars(Date.UTC(2026, 10, 19, 17), 1, HOUR);
    expect(hour && barLabel(hour, 'Europe/Rome')).toBe('Thu 19 Nov, 18:00');
    const [whole] = bars(Date.UTC(2026, 10, 18, 23), 1, 24 * HOUR);
    expect(whole && barLabel(whole, 'Europe/Rome')).toBe('Thu 19 Nov');
    const [week] = bars(Date.UTC(2019, 6, 1), 1, 7 * 24 * HOUR);
    expect(week && barLabel(week, 'UTC')).toBe('Mon 1 Jul – Sun 7 Jul 2019');
    const [month] = bars(Date.UTC(2019, 6, 1), 1, 31 * 24 * HOUR);
    expect(month && barLabel(month, 'UTC')).toBe('Jul 2019');
  });
});
