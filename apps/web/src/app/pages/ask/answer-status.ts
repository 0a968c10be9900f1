import { DAY_MS } from '@analytica/domain';
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, output, signal } from '@angular/core';
import { clockTimeWithSeconds, compact, durationText, dateWithYear, wholeNumber } from '../../core/format';
import { Clock } from '../../core/clock';
import { engineText } from '../../core/engines';
import { linkToQuestion } from './ask-url';
import { AnalysisRun } from '../../data/analysis-run';
import { Icon } from '../../ui/icon';

/** One line: how far the answer is, of how many posts, how fresh, by which engine. */
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
  /** Only once enough is read to say something. */
  protected readonly left = computed(() => {
    const analysis = this.analysis();
    const p = analysis?.progress;
    if (!p || !analysis.startedAt || p.partitionsDone < 4 || p.partitionsDone >= p.partitionsTotal) return null;
    const spent = this.#clock.now() - Date.parse(analysis.startedAt);
    if (spent < 500) return null;
    const rest = (spent / p.partitionsDone) * (p.partitionsTotal - p.partitionsDone);
    return durationText(Math.max(1, Math.round(rest / 1_000)) * 1_000);
  });
  protected readonly data = computed(() => {
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

  /** The link fixes the interval: whoever opens it asks about the same hours. */
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
    // Plain http has no clipboard: a selection can still be copied.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- all there is without a secure context
    document.execCommand('copy');
    area.remove();
  }
}
