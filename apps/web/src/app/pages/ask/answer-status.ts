import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, output, signal } from '@angular/core';
import { DAY_MS } from '@analytica/domain';
import { Clock } from '../../core/clock';
import { engineText } from '../../core/engines';
import { clockTimeWithSeconds, compact, dateWithYear, durationText, wholeNumber } from '../../core/format';
import { AnalysisRun } from '../../data/analysis-run';
import { Icon } from '../../ui/icon';
import { linkToQuestion } from './ask-url';

/** One line about the answer: its progress, how many posts it read, how fresh they are, and which engine answers. */
@Component({
  selector: 'ta-answer-status',
  imports: [Icon],
  templateUrl: './answer-status.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AnswerStatus {
  protected readonly run = inject(AnalysisRun);
  readonly #clock = inject(Clock);
  readonly again = output();

  protected readonly copied = signal(false);
  #copiedTimer: ReturnType<typeof setTimeout> | undefined;
  protected readonly cancelling = signal(false);
  protected readonly analysis = this.run.analysis;
  protected readonly result = computed(() => this.analysis()?.result ?? null);
  protected readonly running = computed(() => {
    const status = this.analysis()?.status;
    return !this.run.outage() && (status === undefined || status === 'QUEUED' || status === 'RUNNING');
  });
  protected readonly engine = computed(() => {
    const analysis = this.analysis();
    return analysis ? engineText(analysis) : '';
  });
  protected readonly percent = computed(() => {
    const p = this.analysis()?.progress;
    return p && p.partitionsTotal > 0 ? Math.round((p.partitionsDone / p.partitionsTotal) * 100) : null;
  });
  /** The time that is left, as text; null until enough is read for an estimate. */
  protected readonly timeLeft = computed(() => {
    const analysis = this.analysis();
    const p = analysis?.progress;
    if (!p || !analysis.startedAt || p.partitionsDone < 4 || p.partitionsDone >= p.partitionsTotal) return null;
    const elapsed = this.#clock.now() - Date.parse(analysis.startedAt);
    if (elapsed < 500) return null;
    const rest = (elapsed / p.partitionsDone) * (p.partitionsTotal - p.partitionsDone);
    return durationText(Math.max(1, Math.round(rest / 1_000)) * 1_000);
  });
  /** Up to when the data are, and how far behind that is. */
  protected readonly freshness = computed(() => {
    const analysis = this.analysis();
    if (!analysis) return null;
    const watermark = Date.parse(analysis.snapshot.watermark);
    const behind = Math.max(1_000, Math.floor((this.#clock.now() - watermark) / 1_000) * 1_000);
    return behind < DAY_MS
      ? { to: clockTimeWithSeconds(watermark, analysis.timeZone), behind: durationText(behind) }
      : { to: dateWithYear(watermark, analysis.timeZone), behind: durationText(behind) };
  });
  protected readonly num = wholeNumber;
  protected readonly compact = compact;
  protected readonly duration = durationText;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#copiedTimer);
    });
  }

  protected async cancel(): Promise<void> {
    this.cancelling.set(true);
    await this.run.cancel();
    this.cancelling.set(false);
  }

  /** The link has the interval in instants, so that it asks about the same hours later. */
  protected async copyLink(): Promise<void> {
    const question = this.run.question();
    const analysis = this.analysis();
    if (!question || !analysis) return;
    const fixed = { ...question, interval: { from: Date.parse(analysis.from), to: Date.parse(analysis.to) } };
    await copy(linkToQuestion(fixed));
    this.copied.set(true);
    clearTimeout(this.#copiedTimer);
    this.#copiedTimer = setTimeout(() => {
      this.copied.set(false);
    }, 2_500);
  }
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain HTTP has no clipboard, but a selection can be copied.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
    document.execCommand('copy');
    area.remove();
  }
}
