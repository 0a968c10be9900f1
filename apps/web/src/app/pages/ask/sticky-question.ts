import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { intervalText, wholeNumber } from '../../core/format';
import { PRESET_LABELS, type Question } from '../../core/question';
import { syntaxSpans } from '../../core/topic';
import { TopicSyntax } from '../../ui/topic-syntax';

/** A bar at the top of the window with the question, shown once the form is scrolled away. */
@Component({
  selector: 'ta-sticky-question',
  imports: [TopicSyntax],
  template: `<div class="mini">
    <div class="wrap">
      <button type="button" class="q" (click)="back.emit()">
        <ta-topic-syntax [spans]="spans()" /><span class="sr">, back to the question</span>
      </button>
      <span class="muted">{{ interval() }}</span>
      @if (posts() !== null) {
        <span class="res"
          ><b>{{ num(posts() ?? 0) }}</b> posts</span
        >
      }
    </div>
  </div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StickyQuestion {
  readonly question = input.required<Question>();
  readonly posts = input.required<number | null>();
  readonly back = output();
  protected readonly spans = computed(() => syntaxSpans(this.question().topic, null));
  protected readonly interval = computed(() => {
    const { interval, timeZone } = this.question();
    return 'preset' in interval ? PRESET_LABELS[interval.preset] : intervalText(interval.from, interval.to, timeZone);
  });
  protected readonly num = wholeNumber;
}
