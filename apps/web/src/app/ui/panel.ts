import { ChangeDetectionStrategy, Component, input } from '@angular/core';

let ids = 0;

/** A titled part of the page, with at most one line below the title and tools beside it. */
@Component({
  selector: 'ta-panel',
  template: `<div class="phead">
      <div>
        <h2 [id]="id">{{ heading() }}</h2>
        @if (sub()) {
          <p class="sub">{{ sub() }}</p>
        }
        <ng-content select="[sub]" />
      </div>
      <div class="tools"><ng-content select="[tools]" /></div>
    </div>
    <ng-content />`,
  host: { class: 'panel', role: 'region', '[attr.aria-labelledby]': 'id' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Panel {
  readonly heading = input.required<string>();
  readonly sub = input('');
  protected readonly id = `panel-${String(++ids)}`;
}
