import { type Bar, barLabel, ticks } from './bars';

const HOUR = 3_600_000;
const bars = (from: number, count: number, length: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({
    from: from + i * length,
    to: from + (i + 1) * length,
    value: i,
    cut: false,
    waiting: false,
  }));

describe('bars', () => {
  it('are called by their time in the zone, whole days by the day', () => {
    const [hour] = bars(Date.UTC(2026, 10, 19, 17), 1, HOUR);
    expect(hour && barLabel(hour, 'Europe/Rome')).toBe('Thu 19 Nov, 18:00');
    const [whole] = bars(Date.UTC(2026, 10, 18, 23), 1, 24 * HOUR);
    expect(whole && barLabel(whole, 'Europe/Rome')).toBe('Thu 19 Nov');
  });

  it('have a tick where each day begins in the zone', () => {
    const week = bars(Date.UTC(2026, 10, 16, 13), 168, HOUR);
    const made = ticks(week, 'Europe/Rome', 944);
    expect(made.map((tick) => tick.label)).toEqual([
      'Mon 16',
      'Tue 17',
      'Wed 18',
      'Thu 19',
      'Fri 20',
      'Sat 21',
      'Sun 22',
      'Mon 23',
    ]);
    expect(made[1]?.at).toBe(10);
  });

  it('have ticks that do not run into one another', () => {
    for (const [count, length, width] of [
      [56, 3 * HOUR, 328],
      [96, HOUR / 4, 944],
      [96, HOUR / 4, 328],
      [60, 24 * HOUR, 328],
    ] as const) {
      const start = Date.UTC(2026, 10, 16, length === 24 * HOUR ? 0 : 12);
      const made = ticks(bars(start, count, length), 'UTC', width).filter((tick) => tick.label !== '');
      const pitch = width / count;
      made.slice(1).forEach((tick, i) => {
        const before = made[i];
        expect((tick.at - (before?.at ?? 0)) * pitch).toBeGreaterThanOrEqual((before?.label.length ?? 0) * 6);
      });
      expect(made.length).toBeGreaterThan(2);
    }
  });
});
