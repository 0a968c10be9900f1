import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const WIDTH = 100;
const HEIGHT = 32;
const POINTS = 48;

/** At most `limit` values, each the sum of equally many neighbours. */
export function downsample(values: readonly number[], limit: number): number[] {
  const size = Math.ceil(values.length / limit);
  if (size <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size).reduce((sum, value) => sum + value, 0),
  );
}

/** One line over a pale area. The figures are shown elsewhere, so that assistive technology skips the line. */
@Component({
  selector: 'ta-sparkline',
  template: `<svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
    <path class="area" [attr.d]="line() + 'L100 32L0 32Z'" />
    <path class="now" [attr.d]="line()" />
  </svg>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sparkline {
  readonly values = input.required<readonly number[]>();
  protected readonly line = computed(() => {
    const values = downsample(this.values(), POINTS);
    const top = Math.max(1, ...values);
    const step = WIDTH / Math.max(1, values.length - 1);
    const points = values.map(
      (v, i) => `${(i * step).toFixed(1)} ${(HEIGHT - 1 - (v / top) * (HEIGHT - 3)).toFixed(1)}`,
    );
    return `M${points.length > 0 ? points.join('L') : '0 31L100 31'}`;
  });
}
