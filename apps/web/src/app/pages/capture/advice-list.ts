import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { Advice } from './advice';
import { Icon } from '../../ui/icon';

/** What is wrong, and what to do about it. */
@Component({
  selector: 'ta-advice-list',
  imports: [Icon],
  template: `<ul class="advice" aria-label="What to do">
    @for (each of advice(); track each.problem) {
      <li class="banner" [class]="each.kind">
        <ta-icon name="warning" />
        <p>
          <b>{{ each.problem }}</b> {{ each.action }}
        </p>
      </li>
    }
  </ul>`,
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AdviceList {
  readonly advice = input.required<readonly Advice[]>();
}
