import { ChangeDetectionStrategy, Component, computed, inject, input, model, output, viewChild } from '@angular/core';
import type { Topic } from '@analytica/domain/topic';
import { intervalText, shortIntervalText, timeZoneText } from '../../core/format';
import { type AskedInterval, type EngineChoice, PRESET_LABELS } from '../../core/question';
import { type Problem, problemText, readingSpans } from '../../core/topic';
import { EngineOffer } from '../../data/engine-offer';
import { EngineSelect } from '../../ui/engine-select';
import { Icon } from '../../ui/icon';
import { type IntervalChoice, IntervalPicker } from '../../ui/interval-picker';
import { QuestionBox } from '../../ui/question-box';

/** Topic, interval, engine and the button that asks. Below them: how the topic is understood, or what is wrong with it. */
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
  /** The topic of the answer; null without one. */
  readonly answeredTopic = input<Topic | null>(null);
  readonly from = input<string | null>(null);
  readonly to = input<string | null>(null);
  /** How topics are combined: shown before the first question. */
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
    const topic = this.answeredTopic();
    return topic ? readingSpans(topic) : [];
  });
  /** The interval of the answer, or of the question, as text. */
  protected readonly intervalTexts = computed(() => {
    const zone = this.timeZone();
    const from = Date.parse(this.from() ?? '');
    const to = Date.parse(this.to() ?? '');
    if (!(from < to)) {
      // The answer does not say yet which hours they are.
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
  /** The interval of a first question that is no preset, as text; else null. */
  protected readonly customInterval = computed(() => {
    const interval = this.interval();
    return 'preset' in interval
      ? null
      : `${intervalText(interval.from, interval.to, this.timeZone())}, ${timeZoneText(this.timeZone())}`;
  });
  protected readonly problemText = problemText;
  /** The suggestion in three parts, of which the second is new. */
  protected readonly suggestionParts = computed(() => {
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
