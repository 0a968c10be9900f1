import { dayTicks, stripOf } from './coverage-strip';

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;
const at = (daysAgo: number): string => new Date(NOW - daysAgo * DAY).toISOString();

describe('stripOf', () => {
  it('draws what was captured and what was missed, cut to the last 7 days', () => {
    const strip = stripOf(
      {
        ...{ source: 'bluesky', share: 0.5 },
        captured: [{ from: at(14), to: at(3.5) }],
        gaps: [
          { from: at(3.5), to: null, cause: 'STALLED', isRefilled: false, refilled: 0, missedPosts: null },
          { from: at(5), to: at(4), cause: 'STALLED', isRefilled: true, refilled: 9, missedPosts: null },
          { from: at(9), to: at(8), cause: 'STALLED', isRefilled: false, refilled: 0, missedPosts: null },
        ],
      },
      NOW,
    );
    expect(strip).toEqual({ captured: [{ left: 0, width: 50 }], gaps: [{ left: 50, width: 50 }], isOffAtTimes: false });
  });

  it('is off before a source was switched on', () => {
    const strip = stripOf({ source: 'bluesky', share: 1, captured: [{ from: at(3.5), to: at(0) }], gaps: [] }, NOW);
    expect(strip).toEqual({ captured: [{ left: 50, width: 50 }], gaps: [], isOffAtTimes: true });
  });
});

describe('dayTicks', () => {
  it.each([
    ['UTC', 'Mon 23', 92.857],
    ['Europe/Rome', 'Mon 23', 92.262],
    ['Pacific/Auckland', 'Tue 24', 99.405],
  ])('has the midnights of %s', (zone, last, left) => {
    const ticks = dayTicks(NOW, zone);
    expect(ticks).toHaveLength(7);
    expect(`${ticks.at(-1)?.weekday ?? ''} ${String(ticks.at(-1)?.day)}`).toBe(last);
    expect(ticks.at(-1)?.left).toBeCloseTo(left, 2);
  });
});
