import type { Bar } from './bar';
import { type Tick, ticks } from './ticks';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const bars = (from: number, count: number, length: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({
    from: from + i * length,
    to: from + (i + 1) * length,
    value: i,
    cut: false,
    waiting: false,
    missing: false,
  }));
const months = (year: number, count: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({
    from: Date.UTC(year, i),
    to: Date.UTC(year, i + 1),
    value: i,
    cut: false,
    waiting: false,
    missing: false,
  }));
const labels = (made: readonly Tick[]): string[] => made.map((tick) => tick.label);

describe('ticks', () => {
  const week = bars(Date.UTC(2026, 10, 16, 13), 168, HOUR);

  it('are the days of a week where each begins in the zone', () => {
    const made = ticks(week, 'Europe/Rome', 944);
    expect(labels(made)).toEqual(['Mon 16', 'Tue 17', 'Wed 18', 'Thu 19', 'Fri 20', 'Sat 21', 'Sun 22', 'Mon 23']);
    expect(made[1]?.at).toBe(10);
  });

  it('are weekdays alone on a phone', () => {
    const made = ticks(bars(Date.UTC(2026, 10, 16, 12), 56, 3 * HOUR), 'UTC', 328);
    expect(labels(made)).toEqual(['Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'Mon']);
  });

  it('are times of short intervals, with the day at midnight', () => {
    const two = bars(Date.UTC(2026, 10, 16, 12), 24, 5 * MINUTE);
    expect(labels(ticks(two, 'UTC', 944))).toContain('12:15');
    expect(labels(ticks(two, 'UTC', 328))).toEqual(['12:00', '12:30', '13:00', '13:30']);
    const day = bars(Date.UTC(2026, 10, 16, 12), 48, HOUR / 2);
    expect(labels(ticks(day, 'UTC', 328))).toEqual(['12:00', '18:00', 'Tue 17', '06:00']);
    const three = bars(Date.UTC(2026, 10, 16, 12), 72, HOUR);
    expect(labels(ticks(three, 'UTC', 944))).toContain('Thu 19');
  });

  it('are dates of weeks, then months, then years', () => {
    const sixty = bars(Date.UTC(2026, 9, 3), 60, DAY);
    expect(labels(ticks(sixty, 'UTC', 944)).slice(0, 3)).toEqual(['5 Oct', '12 Oct', '19 Oct']);
    expect(labels(ticks(sixty, 'UTC', 328)).every((label) => /^\d+ \w{3}$|^$/.test(label))).toBe(true);
    expect(labels(ticks(months(2026, 12), 'UTC', 944)).slice(0, 3)).toEqual(['2026', 'Feb', 'Mar']);
    expect(labels(ticks(months(2019, 84), 'UTC', 328))).toEqual([
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
    ]);
  });

  it('say where an interval begins in which no quarter of an hour does', () => {
    expect(ticks(bars(Date.UTC(2019, 6, 3, 6, 29), 1, MINUTE), 'UTC', 944)).toEqual([
      { at: 0, label: 'Wed 3 Jul, 06:29' },
    ]);
  });

  it('begin a month within a week where it begins', () => {
    const made = ticks(bars(Date.UTC(2026, 0, 5), 52, 7 * DAY), 'UTC', 944);
    const feb = made.find((tick) => tick.label === 'Feb');
    expect(feb?.at).toBeCloseTo(3 + 6 / 7);
  });

  it('never run into one another or over the edge', () => {
    for (const width of [280, 328, 552, 944, 1_100]) {
      for (const count of [1, 2, 7, 24, 56, 72, 96, 168, 200]) {
        for (const length of [5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, DAY, 7 * DAY]) {
          for (const start of [Date.UTC(2026, 10, 16, 12, 25), Date.UTC(2026, 2, 28, 23, 55)]) {
            const made = ticks(bars(start, count, length), 'UTC', width);
            const pitch = width / count;
            made.forEach((tick, i) => {
              const right = tick.at * pitch + tick.label.length * 6.2 + 5;
              if (tick.label !== '')
                expect(right).toBeLessThanOrEqual(made[i + 1] ? (made[i + 1]?.at ?? 0) * pitch : width + 8);
            });
          }
        }
      }
    }
  });
});
