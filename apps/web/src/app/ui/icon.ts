import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const PATHS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'm4 4 8 8M12 4l-8 8',
  warning: 'M8 2.2 14.5 13.5H1.5zM8 6.5v3M8 11.6v.1',
  unreachable:
    'M2.5 2.5l11 11M5 5.6A6.5 6.5 0 0 0 2 7.4M8.6 4.6A7.5 7.5 0 0 1 14 7.4M6.2 10.3a3 3 0 0 1 3.6 0M8 12.7v.1',
  retry: 'M13 8a5 5 0 1 1-1.5-3.55M13 2v3h-3',
  link: 'M6.7 9.3a2.5 2.5 0 0 0 3.6 0l2.5-2.5a2.55 2.55 0 0 0-3.6-3.6L8.3 4.1M9.3 6.7a2.5 2.5 0 0 0-3.6 0L3.2 9.2a2.55 2.55 0 0 0 3.6 3.6l.9-.9',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  chart: 'M3.5 13V8M8 13V3M12.5 13V6',
  bars: 'M3 4h10M3 8h6M3 12h3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9l7-4.5z',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  system: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
} as const;
export type IconName = keyof typeof PATHS;

/** One of the icons above, in the colour of the text. */
@Component({
  selector: 'ta-icon',
  template: `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => PATHS[this.name()]);
}
