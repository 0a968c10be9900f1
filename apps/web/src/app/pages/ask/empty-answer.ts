import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MINUTE_MS } from '@analytica/domain';
import { type Topic, type TopicNode } from '@analytica/domain/topic';
import { intervalText, wholeNumber } from '../../core/format';
import { type AskedInterval, PRESET_LABELS } from '../../core/question';
import { AnalysisRun } from '../../data/analysis-run';
import { CaptureFeed } from '../../data/capture-feed';
import type { IntervalChoice } from '../../ui/interval-picker';

/** The screen of an answer without posts: what was read, and what can be asked instead. */
@Component({
  selector: 'ta-empty-answer',
  templateUrl: './empty-answer.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EmptyAnswer {
  readonly interval = input.required<AskedInterval>();
  readonly topic = input.required<Topic | null>();
  readonly askTopic = output<string>();
  readonly chooseInterval = output<IntervalChoice>();
  readonly #run = inject(AnalysisRun);
  readonly #feed = inject(CaptureFeed);

  protected readonly title = computed(() => {
    const interval = this.interval();
    const analysis = this.#run.analysis();
    if ('preset' in interval)
      return `No post matches in these ${PRESET_LABELS[interval.preset].replace(' h', ' hours')}`;
    return `No post matches from ${analysis ? intervalText(interval.from, interval.to, analysis.timeZone) : 'then'}`;
  });
  protected readonly partitions = computed(() => this.#run.analysis()?.progress?.partitionsTotal ?? 0);
  protected readonly scanned = computed(() => this.#run.analysis()?.result?.scannedPosts ?? 0);
  protected readonly longer = computed(() => {
    const interval = this.interval();
    return !('preset' in interval) || interval.preset !== 'LAST_7_DAYS';
  });
  /** If the interval has no posts at all: the interval of everything that is captured. */
  protected readonly capturedInterval = computed<AskedInterval | null>(() => {
    const { oldest, watermark } = this.#feed.capture() ?? {};
    if (!oldest || !watermark || this.scanned() > 0) return null;
    const from = Math.floor(Date.parse(oldest) / MINUTE_MS) * MINUTE_MS;
    const to = (Math.floor(Date.parse(watermark) / MINUTE_MS) + 1) * MINUTE_MS;
    const interval = this.interval();
    return 'from' in interval && interval.from <= from && interval.to >= to ? null : { from, to };
  });
  /** The terms of the topic that must all match. */
  protected readonly parts = computed(() => {
    const topic = this.topic();
    return topic?.root.type === 'and'
      ? topic.root.children.flatMap((node) => (node.type === 'not' ? [] : [topicText(node)]))
      : [];
  });
  protected readonly num = wholeNumber;

  protected askIn(interval: AskedInterval): void {
    const timeZone = this.#run.question()?.timeZone ?? 'UTC';
    this.chooseInterval.emit({ interval, timeZone });
  }
}

/** A part of a topic as it is typed. */
function topicText(node: TopicNode): string {
  switch (node.type) {
    case 'term':
      if (node.kind === 'phrase') return `"${node.text}"`;
      return `${{ word: '', hashtag: '#', mention: '@' }[node.kind]}${node.text}`;
    case 'not':
      return `NOT ${topicText(node.child)}`;
    default:
      return `(${node.children.map(topicText).join(node.type === 'or' ? ' OR ' : ' ')})`;
  }
}
