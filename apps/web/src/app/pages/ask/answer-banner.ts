import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { MINUTE_MS } from '@analytica/domain';
import { Clock } from '../../core/clock';
import { durationText } from '../../core/format';
import { Online } from '../../core/online';
import { AnalysisRun } from '../../data/analysis-run';
import { CaptureFeed } from '../../data/capture-feed';
import { Icon } from '../../ui/icon';

/** From this age on an answer is old. */
const OLD_MS = 15 * MINUTE_MS;

interface Banner {
  readonly kind: 'bad' | 'warning' | 'info';
  readonly text: string;
  readonly update?: boolean;
}

/** At most one message above an answer, the most important: capture has a problem, offline, filling, an old answer. */
@Component({
  selector: 'ta-answer-banner',
  imports: [Icon],
  template: `@if (banner(); as b) {
    <p class="banner top-banner" [class]="b.kind" role="status">
      <ta-icon name="warning" />{{ b.text }}
      @if (b.update) {
        <button type="button" class="btn small" (click)="update.emit()"><ta-icon name="retry" />Update</button>
      }
    </p>
  }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AnswerBanner {
  readonly update = output();
  readonly #run = inject(AnalysisRun);
  readonly #feed = inject(CaptureFeed);
  readonly #clock = inject(Clock);
  readonly #online = inject(Online).online;

  protected readonly banner = computed<Banner | null>(() => {
    const capture = this.#feed.capture();
    const answered = this.#run.analysis()?.result?.complete === true;
    if (capture?.problem && !this.#feed.broken()) {
      return { kind: capture.state === 'STOPPED' ? 'bad' : 'warning', text: capture.problem };
    }
    if (!this.#online() && answered) return { kind: 'warning', text: 'You are offline. Showing the last answer.' };
    if (capture?.state === 'FILLING' || capture?.state === 'REPLAYING') {
      const percent = String(Math.round((capture.progress ?? 0) * 100));
      const what = capture.state === 'REPLAYING' ? 'Replaying' : capture.demo ? 'Filling with demo data' : 'Filling';
      return { kind: 'info', text: `${what}: ${percent}%. Answers grow until it is done.`, update: answered };
    }
    const age = this.#oldAnswerAge();
    return age === null ? null : { kind: 'info', text: `This answer is ${age} old.`, update: true };
  });

  /** The age of an old answer to a question about the last hours or days; else null. */
  #oldAnswerAge(): string | null {
    const analysis = this.#run.analysis();
    const question = this.#run.question();
    if (analysis?.status !== 'SUCCEEDED' || !question || !('preset' in question.interval)) return null;
    const age = this.#clock.now() - Date.parse(analysis.finishedAt ?? analysis.createdAt);
    return age >= OLD_MS ? durationText(age) : null;
  }
}
