import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from '@angular/core';
import { HOUR_MS } from '@analytica/domain';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { newestPostTime } from '../../core/captured-span';
import { Clock } from '../../core/clock';
import {
  clockTimeWithSeconds,
  dateWithYear,
  intervalText,
  oneDecimal,
  shortDate,
  viewerZone,
  wholeNumber,
} from '../../core/format';
import { type AskedInterval, DEFAULT_INTERVAL, PRESET_LABELS, intervalLength } from '../../core/question';
import { SOURCE_NAMES } from '../../core/sources';
import { syntaxSpans } from '../../core/topic';
import { type Capture, CaptureFeed } from '../../data/capture-feed';
import { ExampleTopicsDocument } from '../../data/generated/graphql';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';
import { RateBars } from '../../ui/rate-bars';
import { TopicSyntax } from '../../ui/topic-syntax';

const RECENT_SHOWN = 6;
/** A post of these last hours is shown with its time, an older one with its date. */
const TIME_SHOWN_MS = 20 * HOUR_MS;

/** What stands below the form before anything is asked: examples, and what is being captured now. */
@Component({
  selector: 'ta-first-visit',
  imports: [Icon, Panel, RateBars, TopicSyntax],
  templateUrl: './first-visit.html',
  host: { class: 'block' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstVisit {
  readonly interval = input<AskedInterval>(DEFAULT_INTERVAL);
  readonly timeZone = input('UTC');
  readonly askTopic = output<string>();

  readonly #apollo = inject(Apollo);
  protected readonly feed = inject(CaptureFeed);
  readonly #clock = inject(Clock);
  protected readonly paused = signal(false);
  /** The last status; while paused the one from before the pause. */
  protected readonly capture = linkedSignal<{ capture: Capture | null; paused: boolean }, Capture | null>({
    source: () => ({ capture: this.feed.capture(), paused: this.paused() }),
    computation: ({ capture, paused }, before) => (paused ? (before?.value ?? capture) : capture),
  });
  protected readonly rates = computed(() =>
    (this.capture()?.rates ?? []).map((rate) => ({
      source: SOURCE_NAMES[rate.source],
      perSecond: rate.perSecond,
      mean: oneDecimal(rate.perSecond.slice(-11, -1).reduce((sum, n) => sum + n, 0) / 10),
    })),
  );
  protected readonly recent = computed(() =>
    (this.capture()?.recent ?? []).slice(0, RECENT_SHOWN).map((post) => ({
      id: post.id,
      time: this.#timeOf(Date.parse(post.createdAt)),
      source: post.source === 'DEMO' ? 'Demo' : SOURCE_NAMES[post.source],
      text: post.text,
    })),
  );
  /** The list has dates: they need more room than times. */
  protected readonly dated = computed(() => this.recent().some((post) => !post.time.includes(':')));
  protected readonly examples = resource({
    loader: async () => {
      const { data } = await firstValueFrom(this.#apollo.query({ query: ExampleTopicsDocument }));
      return (data?.exampleTopics ?? []).map(({ topic, note }) => ({
        topic,
        note: note.charAt(0).toUpperCase() + note.slice(1),
        spans: syntaxSpans(topic, null),
      }));
    },
  });
  /** Which hours an example asks about, and whether there are likely no posts in them. */
  protected readonly asksAbout = computed(() => {
    const interval = this.interval();
    if (!('preset' in interval)) return `Each asks about ${intervalText(interval.from, interval.to, this.timeZone())}`;
    const text = `Each asks about the last ${PRESET_LABELS[interval.preset]}`;
    const capture = this.feed.capture();
    const newest = capture && newestPostTime(capture);
    return newest && this.#clock.now() - newest > intervalLength(interval)
      ? `${text}; the newest post here is of ${dateWithYear(newest, this.#zone)}`
      : text;
  });
  protected readonly now = computed<{ heading: string; sub: string; moves: boolean }>(() => {
    switch (this.feed.capture()?.state) {
      case 'IDLE':
        return { heading: 'Captured last', sub: 'Nothing is being captured now', moves: false };
      case 'STOPPED':
        return { heading: 'Captured last', sub: 'Capture has stopped', moves: false };
      case 'UNKNOWN':
        return { heading: 'Capture', sub: 'It does not report, so what it does is not known', moves: false };
      default:
        return { heading: 'Being captured now', sub: 'Posts per second, last 60 s', moves: true };
    }
  });
  protected readonly filling = computed(() => {
    const capture = this.feed.capture();
    if (capture?.state !== 'FILLING' && capture?.state !== 'REPLAYING') return null;
    return {
      percent: Math.round((capture.progress ?? 0) * 100),
      demo: capture.demo,
      posts: wholeNumber(capture.posts),
      replay: capture.state === 'REPLAYING',
    };
  });
  readonly #zone = viewerZone();

  #timeOf(at: number): string {
    if (Math.abs(this.#clock.now() - at) < TIME_SHOWN_MS) return clockTimeWithSeconds(at, this.#zone);
    return shortDate(at, this.#zone);
  }
}
