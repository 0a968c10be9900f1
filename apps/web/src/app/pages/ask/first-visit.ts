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
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../../core/clock';
import { clockSeconds, fullDay, intervalText, local, num, num1, viewerZone } from '../../core/format';
import { newestOf, reachText } from '../../core/reach';
import { paint } from '../../core/topic';
import { DEFAULT_INTERVAL, type Interval, PRESET_HOURS, PRESET_LABELS } from '../../core/question';
import { CaptureFeed, type Capture } from '../../data/capture-feed';
import { ExampleTopicsDocument } from '../../data/generated/graphql';
import { Icon } from '../../ui/icon';
import { PaintedTopic } from '../../ui/painted-topic';
import { Panel } from '../../ui/panel';
import { RateBars } from '../../ui/rate-bars';

const SOURCES = { X: 'X', BLUESKY: 'Bluesky', DEMO: 'Demo data' } as const;
const SHOWN = 6;
const HOUR = 3_600_000;

/** Before anything is asked: the headline above the box, examples and the live feed below it. */
@Component({
  selector: 'ta-first-visit',
  imports: [Icon, PaintedTopic, Panel, RateBars],
  templateUrl: './first-visit.html',
  host: { class: 'block' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstVisit {
  readonly part = input.required<'head' | 'body'>();
  readonly interval = input<Interval>(DEFAULT_INTERVAL);
  readonly timeZone = input('UTC');
  readonly askTopic = output<string>();

  readonly #apollo = inject(Apollo);
  protected readonly feed = inject(CaptureFeed);
  readonly #clock = inject(Clock);
  protected readonly paused = signal(false);
  /** Stands still while paused. */
  protected readonly capture = linkedSignal<{ capture: Capture | null; paused: boolean }, Capture | null>({
    source: () => ({ capture: this.feed.capture(), paused: this.paused() }),
    computation: ({ capture, paused }, before) => (paused ? (before?.value ?? capture) : capture),
  });
  protected readonly rates = computed(() =>
    (this.capture()?.rates ?? []).map((rate) => ({
      source: SOURCES[rate.source],
      perSecond: rate.perSecond,
      mean: num1(rate.perSecond.slice(-11, -1).reduce((sum, n) => sum + n, 0) / 10),
    })),
  );
  protected readonly recent = computed(() =>
    (this.capture()?.recent ?? []).slice(0, SHOWN).map((post) => ({
      id: post.id,
      time: this.#timeOf(Date.parse(post.createdAt)),
      source: post.source === 'DEMO' ? 'Demo' : SOURCES[post.source],
      text: post.text,
    })),
  );
  protected readonly dated = computed(() => this.recent().some((post) => !post.time.includes(':')));
  protected readonly examples = resource({
    params: () => (this.part() === 'body' ? true : undefined),
    loader: async () => {
      const { data } = await firstValueFrom(this.#apollo.query({ query: ExampleTopicsDocument }));
      return (data?.exampleTopics ?? []).map(({ topic, note }) => ({
        topic,
        note: note.charAt(0).toUpperCase() + note.slice(1),
        spans: paint(topic, null),
      }));
    },
  });
  /** Which posts there are to ask about. */
  protected readonly reach = computed(() => {
    const capture = this.feed.capture();
    if (!capture?.oldest || !capture.posts) return null;
    return {
      posts: num(capture.posts),
      when: reachText(Date.parse(capture.oldest), newestOf(capture), this.#zone, this.#clock.now()),
    };
  });
  /** What an example will ask about, and if that is likely to be nothing. */
  protected readonly asksAbout = computed(() => {
    const interval = this.interval();
    if (!('preset' in interval)) return `Each asks about ${intervalText(interval.from, interval.to, this.timeZone())}`;
    const text = `Each asks about the last ${PRESET_LABELS[interval.preset]}`;
    const capture = this.feed.capture();
    const newest = capture && newestOf(capture);
    return newest && this.#clock.now() - newest > PRESET_HOURS[interval.preset] * HOUR
      ? `${text}; the newest post here is of ${fullDay(newest, this.#zone)}`
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
      posts: num(capture.posts),
      replay: capture.state === 'REPLAYING',
    };
  });
  readonly #zone = viewerZone();

  /** The time of a post of today, else its date. */
  #timeOf(at: number): string {
    if (Math.abs(this.#clock.now() - at) < 20 * HOUR) return clockSeconds(at, this.#zone);
    const { day, month, year } = local(at, this.#zone);
    return `${String(day)} ${month} ${String(year)}`;
  }
}
