import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, output, signal } from '@angular/core';
import type { Topic } from '@analytica/domain/topic';
import { countOf, durationText, intervalText, timeZoneText, wholeNumber } from '../../core/format';
import type { WordSwitches } from '../../core/question';
import { AnalysisRun } from '../../data/analysis-run';
import { CaptureFeed } from '../../data/capture-feed';
import { missingSentences } from '../../data/missing-hours';
import { notCapturedText } from '../../data/not-captured';
import { HeatMap } from '../../ui/heat-map';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';
import { RankedList } from '../../ui/ranked-list';
import { type Segment, SegmentedControl } from '../../ui/segmented-control';
import { type Tile, TotalTiles } from '../../ui/total-tiles';
import { type AskView, METRICS, type Metric } from './ask-view';
import { PostsPanel } from './posts-panel';
import { VolumePanel } from './volume-panel';

/** The figures of an answer, partial or complete, and its posts. */
@Component({
  selector: 'ta-answer-body',
  imports: [HeatMap, Icon, Panel, PostsPanel, RankedList, SegmentedControl, TotalTiles, VolumePanel],
  templateUrl: './answer-body.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AnswerBody {
  readonly topic = input.required<Topic | null>();
  readonly view = input.required<AskView>();
  readonly setView = output<Partial<AskView>>();
  readonly changeQuestion = output<Partial<WordSwitches>>();
  readonly plotWidth = output<number>();

  protected readonly run = inject(AnalysisRun);
  readonly #feed = inject(CaptureFeed);
  protected readonly analysis = this.run.analysis;
  protected readonly result = computed(() => this.analysis()?.result ?? null);
  protected readonly partial = computed(() => this.result()?.complete !== true);
  protected readonly narrow = signal(false);

  protected readonly tiles = computed<Tile[]>(() => {
    const r = this.result();
    if (!r) return [];
    const series = (metric: Metric): number[] => r.volume.buckets.map((bucket) => bucket[metric]);
    return [
      { key: 'posts', label: 'Posts', value: r.posts, series: series('posts') },
      { key: 'authors', label: 'Authors', value: r.authors, series: null },
      { key: 'retweets', label: 'Retweets', value: r.retweets, series: series('retweets') },
      { key: 'replies', label: 'Replies', value: r.replies, series: series('replies') },
      { key: 'quotes', label: 'Quotes', value: r.quotes, series: series('quotes') },
      { key: 'words', label: 'Words', value: r.words, series: null },
    ];
  });
  protected readonly figuresSpanText = computed(() => {
    const analysis = this.analysis();
    const readFrom = this.run.figuresFrom();
    if (!analysis || !readFrom) return '';
    return `In the newest ${durationText(Date.parse(analysis.to) - Date.parse(readFrom))}.`;
  });
  protected readonly missingSentences = computed(() => {
    const [result, analysis] = [this.result(), this.analysis()];
    return result && analysis ? missingSentences(result, analysis.timeZone) : [];
  });
  protected readonly notCaptured = computed(() => {
    const analysis = this.analysis();
    return analysis?.receipt ? notCapturedText(analysis.receipt, analysis.timeZone) : null;
  });
  protected readonly hashtagViews: readonly Segment<AskView['hashtags']>[] = [
    { value: 'table', label: 'Table', icon: 'table' },
    { value: 'bars', label: 'Bars', icon: 'bars' },
  ];
  protected readonly soFar = computed(() => (this.partial() ? 'So far; the order may still change' : ''));
  protected readonly wordsSub = computed(() => {
    const a = this.analysis();
    if (!a) return '';
    const parts = [
      a.includeRetweetWords ? 'Retweets counted' : 'Retweets left out',
      a.includeStopWords ? 'stop words counted' : 'stop words left out',
    ];
    return (this.partial() ? 'So far. ' : '') + parts.join(', ');
  });
  protected readonly zone = computed(() => timeZoneText(this.analysis()?.timeZone ?? 'UTC'));
  protected readonly demo = computed(() => this.#feed.capture()?.demo === true);
  protected readonly source = computed(() => {
    const a = this.analysis();
    if (!a) return '';
    const when = intervalText(Date.parse(a.from), Date.parse(a.to), a.timeZone);
    const words = a.includeRetweetWords ? 'words count them too' : 'words leave them out';
    return `${when}, ${timeZoneText(a.timeZone)}. Snapshot ${a.snapshot.id.slice(0, 12)}, ${countOf(a.snapshot.files, 'file')}, ${countOf(a.snapshot.posts, 'post')}. Retweets count as posts; ${words}.`;
  });

  protected readonly tags = computed(() => prefixed(this.result()?.topHashtags.entries, '#'));
  protected readonly mentions = computed(() => prefixed(this.result()?.topMentions.entries, '@'));
  /** Two platforms may have the same account id, so that the key has the source. */
  protected readonly authors = computed(() =>
    (this.result()?.topAuthors.entries ?? []).map((row) => ({
      ...row,
      key: `${row.source ?? ''} ${row.key}`,
      label: row.label === row.key ? row.label : `@${row.label}`,
    })),
  );
  protected readonly count = countOf;

  constructor() {
    const query = matchMedia('(max-width: 599px)');
    const update = (): void => {
      this.narrow.set(query.matches);
    };
    update();
    query.addEventListener('change', update);
    inject(DestroyRef).onDestroy(() => {
      query.removeEventListener('change', update);
    });
  }

  /** "Posts that carry at least one: 78.4%"; a few posts are counted instead, because a percentage would be too exact. */
  protected postsWithText(postsWith: number): string {
    const all = this.result()?.posts ?? 0;
    if (all === 0) return '';
    return all < 20
      ? `Posts that carry at least one: ${wholeNumber(postsWith)} of ${wholeNumber(all)}`
      : `Posts that carry at least one: ${((postsWith / all) * 100).toFixed(1)}%`;
  }

  protected show(tab: AskView['tab']): void {
    this.setView.emit({ tab });
    scrollTo({ top: 0 });
  }

  protected metric(key: string): Metric {
    return METRICS.find((metric) => metric === key) ?? 'posts';
  }
}

/** Labels that all begin with the sign. */
function prefixed<T extends { readonly label: string }>(rows: readonly T[] | undefined, sign: string): T[] {
  return (rows ?? []).map((row) => (row.label.startsWith(sign) ? row : { ...row, label: sign + row.label }));
}
