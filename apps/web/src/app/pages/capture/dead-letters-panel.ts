import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { wholeNumber } from '../../core/format';
import type { CaptureStatus } from '../../data/capture-detail';
import { Panel } from '../../ui/panel';

/** Records that could not become posts, by reason. A reason opens its newest samples, which are shown as text and nothing else. */
@Component({
  selector: 'ta-dead-letters-panel',
  imports: [Panel],
  templateUrl: './dead-letters-panel.html',
  host: { class: 's5' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DeadLettersPanel {
  readonly reasons = input.required<CaptureStatus['deadLetters']>();
  /** Of all of them, those of an earlier version too. */
  readonly total = input.required<number>();
  protected readonly open = signal<string | null>(null);
  protected readonly rows = computed(() => {
    const reasons = this.reasons();
    const most = Math.max(1, ...reasons.map(({ count }) => count));
    const known = reasons.reduce((sum, { count }) => sum + count, 0);
    const rows = reasons.map(({ reason, count, samples }) => ({
      key: reason,
      text: sentenceCase(reason),
      count,
      samples,
    }));
    const others = this.total() - known;
    if (others > 0) rows.push({ key: '', text: 'Not told apart', count: others, samples: [] });
    return rows.map((row) => ({
      ...row,
      posts: wholeNumber(row.count),
      width: `${String(Math.min(100, (100 * row.count) / most))}%`,
    }));
  });

  protected toggle(key: string): void {
    this.open.update((open) => (open === key ? null : key));
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
