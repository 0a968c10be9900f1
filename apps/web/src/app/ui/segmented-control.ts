import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon, type IconName } from './icon';

export interface Segment<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: IconName;
}

/** A group of buttons of which exactly one is pressed. */
@Component({
  selector: 'ta-segmented-control',
  imports: [Icon],
  template: `@for (segment of segments(); track segment.value) {
    <button type="button" [attr.aria-pressed]="segment.value === value()" (click)="choose.emit(segment.value)">
      @if (segment.icon; as icon) {
        <ta-icon [name]="icon" />
      }
      {{ segment.label }}
    </button>
  }`,
  host: { class: 'seg small', role: 'group', '[attr.aria-label]': 'label()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SegmentedControl<T extends string> {
  readonly segments = input.required<readonly Segment<T>[]>();
  readonly value = input.required<T>();
  readonly label = input.required<string>();
  readonly choose = output<T>();
}
