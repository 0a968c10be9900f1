import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { type Interval, MINUTE_MS, spansWithout, unionOfSpans } from '@analytica/domain';
import { timeZoneText } from '../../core/format';
import { AnalysisRun } from '../../data/analysis-run';
import { bucketText, isCut } from '../../data/buckets';
import { hoursWithoutPosts } from '../../data/missing-hours';
import { gapLabel, gapReasons } from '../../data/gap-notes';
import { uncapturedSpans, uncapturedTimes } from '../../data/not-captured';
import { Panel } from '../../ui/panel';
import { type Segment, SegmentedControl } from '../../ui/segmented-control';
import type { MissingTime } from '../../ui/volume/missing-bands';
import { PartitionStrip } from '../../ui/volume/partition-strip';
import { VolumeChart } from '../../ui/volume/volume-chart';
import { VolumeTable } from '../../ui/volume/volume-table';
import type { AskView } from './ask-view';

const METRIC_NAMES: Record<AskView['metric'], string> = {
  posts: 'Posts',
  retweets: 'Retweets',
  replies: 'Replies',
  quotes: 'Quotes',
};

/** Volume over time, as a chart or as a table. It also shows the progress of an answer that is not complete. */
@Component({
  selector: 'ta-volume-panel',
  imports: [Panel, PartitionStrip, SegmentedControl, VolumeChart, VolumeTable],
  templateUrl: './volume-panel.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VolumePanel {
  readonly view = input.required<AskView>();
  readonly setView = output<Partial<AskView>>();
  readonly plotWidth = output<number>();

  protected readonly run = inject(AnalysisRun);
  protected readonly analysis = this.run.analysis;
  protected readonly volume = computed(() => this.analysis()?.result?.volume ?? null);
  protected readonly complete = computed(() => this.analysis()?.result?.complete === true);
  /** The interval ends at the newest data, so that the last bucket grows. */
  protected readonly growing = computed(() => {
    const analysis = this.analysis();
    return analysis !== null && Date.parse(analysis.to) > Date.parse(analysis.snapshot.watermark) - MINUTE_MS;
  });
  protected readonly zone = computed(() => this.analysis()?.timeZone ?? 'UTC');
  protected readonly unit = computed(() => METRIC_NAMES[this.view().metric]);
  protected readonly heading = computed(() => {
    const volume = this.volume();
    return volume ? `${this.unit()} per ${bucketText(volume.bucket)}` : `${this.unit()} over time`;
  });
  protected readonly views: readonly Segment<AskView['volume']>[] = [
    { value: 'table', label: 'Table', icon: 'table' },
    { value: 'chart', label: 'Chart', icon: 'chart' },
  ];
  /** From when on posts are read, epoch ms. */
  readonly #readFrom = computed(() => {
    if (this.complete()) return -Infinity;
    const readFrom = this.run.figuresFrom();
    return readFrom ? Date.parse(readFrom) : Infinity;
  });
  protected readonly missing = computed(() => {
    const result = this.analysis()?.result;
    return result ? hoursWithoutPosts(result) : [];
  });
  protected readonly uncaptured = computed(() => uncapturedSpans(this.analysis()?.receipt));
  readonly #uncapturedTimes = computed(() => uncapturedTimes(this.analysis()?.receipt));
  readonly #interval = computed((): Interval => {
    const analysis = this.analysis();
    return { from: Date.parse(analysis?.from ?? ''), to: Date.parse(analysis?.to ?? '') };
  });
  protected readonly hatched = computed((): MissingTime[] => {
    const uncaptured = this.uncaptured();
    const goesOn = ({ to }: Interval): boolean => this.#uncapturedTimes().some((time) => time.goesOn && time.to === to);
    const unreadable = unionOfSpans(this.missing()).flatMap((span) => spansWithout(span, uncaptured));
    return [
      ...uncaptured.map((span) => ({
        ...span,
        labels: [gapLabel(span, this.#interval(), goesOn(span), this.zone()), 'No capture'],
      })),
      ...unreadable.map((span) => ({ ...span, labels: ['Cannot be read'] })),
    ];
  });
  protected readonly hatchedText = computed(() => {
    const words = [
      ...(this.uncaptured().length > 0 ? ['not captured'] : []),
      ...(this.missing().length > 0 ? ['cannot be read'] : []),
    ];
    return words.join(', or ');
  });
  protected readonly rows = computed(() => {
    const volume = this.volume();
    if (!volume) return [];
    const readFrom = this.#readFrom();
    const missing = this.missing();
    return volume.buckets.map(({ from, to, gaps, ...counts }, i) => {
      const bucket = { from: Date.parse(from), to: Date.parse(to) };
      const edge = i === 0 || i === volume.buckets.length - 1;
      return {
        ...bucket,
        ...counts,
        cut: edge && isCut(volume.bucket, bucket.from, bucket.to),
        waiting: bucket.to <= readFrom,
        missing: missing.some(({ from: start, to: end }) => start < bucket.to && end > bucket.from),
        gap: gapOf(bucket, gaps),
        reasons: gapReasons(bucket, this.#interval(), this.#uncapturedTimes(), this.zone()),
      };
    });
  });
  protected readonly bars = computed(() => {
    const metric = this.view().metric;
    return this.rows().map((row) => ({
      from: row.from,
      to: row.to,
      cut: row.cut,
      waiting: row.waiting,
      missing: row.missing,
      gap: row.gap,
      reasons: row.reasons,
      value: row[metric],
    }));
  });
  protected readonly progress = computed(() => {
    const analysis = this.analysis();
    return this.complete() || !analysis?.progress || analysis.progress.partitionsTotal === 0 ? null : analysis.progress;
  });
  protected readonly zoneName = computed(() => timeZoneText(this.zone()));
  protected readonly running = computed(() => this.analysis()?.status === 'RUNNING');
}

function gapOf(
  bucket: Interval,
  gaps: readonly { readonly from: string; readonly to: string }[],
): 'part' | 'whole' | null {
  if (gaps.length === 0) return null;
  const ms = gaps.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  return ms >= bucket.to - bucket.from ? 'whole' : 'part';
}
