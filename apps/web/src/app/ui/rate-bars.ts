import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** One bar per second. The number beside it says the same, so that assistive technology skips the bars. */
@Component({
  selector: 'ta-rate-bars',
  template: `<svg
    [attr.viewBox]="'0 0 ' + values().length * pitch() + ' ' + height()"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    @for (bar of bars(); track $index) {
      <rect [attr.x]="$index * pitch()" [attr.y]="height() - bar" [attr.width]="pitch() - 1" [attr.height]="bar" />
    }
  </svg>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RateBars {
  readonly values = input.required<readonly number[]>();
  readonly height = input(36);
  readonly pitch = input(4);
  protected readonly bars = computed(() => {
    const top = Math.max(1, ...this.values());
    return this.values().map((value) => Math.max(value > 0 ? 1 : 0, (value / top) * this.height()));
  });
}
