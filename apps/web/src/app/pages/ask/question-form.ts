import { ChangeDetectionStrategy, Component, computed, inject, input, model, output, viewChild } from '@angular/core';
import type { Topic } from '@analytica/domain/topic';
import { intervalText, shortIntervalText, timeZoneText } from '../../core/format';
import { type Problem, problemText, readingSpans } from '../../core/topic';
import { type EngineChoice, type AskedInterval, PRESET_LABELS } from '../../core/question';
import { EngineOffer } from '../../data/engine-offer';
import { EngineSelect } from '../../ui/engine-select';
import { Icon } from '../../ui/icon';
import { type IntervalChoice, IntervalPicker } from '../../ui/interval-picker';
import { QuestionBox } from '../../ui/question-box';

/** Box, interval, Ask; below it the reading, or what is wrong. */
@Component({
  selector: 'ta-question-form',
  imports: [EngineSelect, Icon, IntervalPicker, QuestionBox],
  templateUrl: './question-form.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionForm {
  readonly topic = model.required<string>();
  readonly interval = input.required<AskedInterval>();
  readonly timeZone = input.required<string>();
  readonly viewerZone = input.required<string>();
  readonly newest = input.required<number>();
  readonly problem = input<Problem | null>(null);
  /** The topic that the answer below is about. */
  readonly asked = input<Topic | null>(null);
  readonly from = input<string | null>(null);
  readonly to = input<string | null>(null);
  readonly hint = input(false);
  readonly ask = output();
  readonly askTopic = output<string>();
  readonly chooseInterval = output<IntervalChoice>();
  /** Null: the server's default. */
  readonly engine = input<EngineChoice | null>(null);
  readonly chooseEngine = output<EngineChoice | null>();

  protected readonly engines = inject(EngineOffer).offer;

  protected readonly box = viewChild.required(QuestionBox);
  protected readonly reading = computed(() => {
    const topic = this.asked();
    return topic ? readingSpans(topic) : [];
  });
  protected readonly when = computed(() => {
    const zone = this.timeZone();
    const from = Date.parse(this.from() ?? '');
    const to = Date.parse(this.to() ?? '');
    if (!(from < to)) {
      // Until the answer says which hours they are.
      const interval = this.interval();
      const last =
        'preset' in interval
          ? `Last ${PRESET_LABELS[interval.preset]}`
          : intervalText(interval.from, interval.to, zone);
      return { wide: `${last}, ${timeZoneText(zone)}`, narrow: `${last}, ${timeZoneText(zone)}` };
    }
    return {
      wide: `${intervalText(from, to, zone)}, ${timeZoneText(zone)}`,
      narrow: `${shortIntervalText(from, to, zone)}, ${timeZoneText(zone)}`,
    };
  });
  /** A first question's own interval, said before it is asked. */
  protected readonly custom = computed(() => {
    const interval = this.interval();
    return 'preset' in interval
      ? null
      : `${intervalText(interval.from, interval.to, this.timeZone())}, ${timeZoneText(this.timeZone())}`;
  });
  protected readonly problemText = problemText;
  /** The suggestion with what it adds marked. */
  protected readonly fix = computed(() => {
    const suggestion = this.problem()?.suggestion;
    if (!suggestion) return null;
    const typed = this.topic();
    let head = 0;
    while (head < typed.length && typed[head] === suggestion[head]) head += 1;
    let tail = 0;
    while (tail < Math.min(typed.length, suggestion.length) - head && typed.at(-1 - tail) === suggestion.at(-1 - tail))
      tail += 1;
    const end = suggestion.length - tail;
    return { before: suggestion.slice(0, head), added: suggestion.slice(head, end), after: suggestion.slice(end) };
  });

  focus(): void {
    this.box().focus();
  }

  protected submit(event: Event): void {
    event.preventDefault();
    this.ask.emit();
  }
}
