import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { ENGINE_CHOICE_LABELS } from '../core/engines';
import type { EngineChoice } from '../core/question';

/** A list of the engines that may answer. */
@Component({
  selector: 'ta-engine-select',
  template: `<label
    >Engine
    <select (change)="pick($event)">
      @for (choice of choices(); track choice) {
        <option [value]="choice" [selected]="choice === chosen()">{{ names[choice] }}</option>
      }
    </select></label
  >`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EngineSelect {
  readonly choices = input.required<readonly EngineChoice[]>();
  readonly chosen = input.required<EngineChoice>();
  readonly choose = output<EngineChoice>();
  protected readonly names = ENGINE_CHOICE_LABELS;

  protected pick(event: Event): void {
    this.choose.emit((event.target as HTMLSelectElement).value as EngineChoice);
  }
}
