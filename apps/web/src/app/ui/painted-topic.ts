import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { PaintSpan } from '../core/topic';

/** A topic with its operators coloured and what is wrong underlined. */
@Component({
  selector: 'ta-painted-topic',
  template: `@for (span of spans(); track $index) {
    @switch (span.kind) {
      @case ('operator') {<span class="op">{{ span.text }}</span>}
      @case ('wrong') {<u>{{ span.text }}</u>}
      @default {{{ span.text }}}
    }
  }`,
  preserveWhitespaces: false,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaintedTopic {
  readonly spans = input.required<readonly PaintSpan[]>();
}
