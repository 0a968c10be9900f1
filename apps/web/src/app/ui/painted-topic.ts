import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { PaintSpan } from '../core/topic';

/** A topic with its operators coloured and what is wrong underlined. */
@Component({
  selector: 'ta-painted-topic',
  template: `@for (span of spans(); track $index) {
    <span [class.op]="span.kind === 'operator'" [class.wrong]="span.kind === 'wrong'">{{ span.text }}</span>
  }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaintedTopic {
  readonly spans = input.required<readonly PaintSpan[]>();
}
