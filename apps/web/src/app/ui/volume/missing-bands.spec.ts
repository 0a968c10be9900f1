import { describe, expect, it } from 'vitest';
import { barScale } from './bar-scale';
import { missingBands } from './missing-bands';

const HOUR = 3_600_000;
const bars = Array.from({ length: 24 }, (_, i) => ({
  from: i * HOUR,
  to: (i + 1) * HOUR,
  value: 1,
  cut: false,
  waiting: false,
  missing: false,
}));

describe('bands of missing hours', () => {
  it('cover the bars of these hours', () => {
    const scale = barScale(24, 480);
    const [band] = missingBands([{ from: 6 * HOUR, to: 8 * HOUR }], bars, scale);
    expect(band?.x).toBeCloseTo(scale.at(6));
    expect((band?.x ?? 0) + (band?.width ?? 0)).toBeCloseTo(scale.at(8));
  });

  it('can be seen, however short, and lie in the plot', () => {
    const scale = barScale(24, 48);
    const [first, last] = missingBands(
      [
        { from: 0, to: 60_000 },
        { from: 24 * HOUR - 60_000, to: 24 * HOUR },
      ],
      bars,
      scale,
    );
    expect(first).toMatchObject({ x: 0, width: 4 });
    expect(last).toMatchObject({ x: 44, width: 4 });
  });
});
