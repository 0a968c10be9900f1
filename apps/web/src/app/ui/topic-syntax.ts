import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { SyntaxSpan } from '../core/topic';

/** A topic with syntax highlighting: operators are coloured, and what is wrong is underlined. */
@Component({
  selector: 'ta-topic-syntax',
  template: `@for (span of spans(); track $index) {
    <span [class.op]="span.kind === 'operator'" [class.wrong]="span.kind === 'wrong'">{{ span.text }}</span>
  }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TopicSyntax {
  readonly spans = input.required<readonly SyntaxSpan[]>();
}
