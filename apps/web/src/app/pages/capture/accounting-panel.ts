import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { wholeNumber } from '../../core/format';
import type { CaptureStatus } from '../../data/capture-detail';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';
import { balanceOf } from './balance';

/** Whether every record is accounted for: the terms of docs/counting.md, rule 2. */
@Component({
  selector: 'ta-accounting-panel',
  imports: [Icon, Panel],
  template: `<ta-panel heading="Every post is accounted for" [sub]="sub()">
    <span tools class="st" [class.bad]="!isBalanced()"
      ><ta-icon [name]="isBalanced() ? 'check' : 'warning'" />{{ verdict() }}</span
    >
    <dl class="eq">
      <div>
        <dt>Received</dt>
        <dd>{{ received() }}</dd>
      </div>
      @for (term of terms(); track term.label) {
        <div>
          <span class="o" aria-hidden="true">{{ $first ? '=' : '+' }}</span>
          <dt>{{ term.label }}</dt>
          <dd>{{ term.text }}</dd>
        </div>
      }
    </dl>
  </ta-panel>`,
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AccountingPanel {
  readonly accounting = input.required<CaptureStatus['accounting']>();
  readonly #balance = computed(() => balanceOf(this.accounting()));
  protected readonly received = computed(() => wholeNumber(this.#balance().received));
  protected readonly terms = computed(() =>
    this.#balance().terms.map(({ label, records }) => ({ label, text: wholeNumber(records) })),
  );
  protected readonly isBalanced = computed(() => this.#balance().difference === 0);
  protected readonly verdict = computed(() =>
    this.isBalanced() ? 'Balanced' : `${wholeNumber(Math.abs(this.#balance().difference))} off`,
  );
  protected readonly sub = computed(
    () => `Records since the archive began. The two sides must be equal; they are${this.isBalanced() ? '' : ' not'}.`,
  );
}
