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
import { clockSeconds, duration, num, num1, viewerZone } from '../../core/format';
import { paint } from '../../core/topic';
import { CaptureFeed, type Capture } from '../../data/capture-feed';
import { ExampleTopicsDocument } from '../../data/generated/graphql';
import { Icon } from '../../ui/icon';
import { PaintedTopic } from '../../ui/painted-topic';
import { Panel } from '../../ui/panel';
import { RateBars } from '../../ui/rate-bars';

const SOURCES = { X: 'X', BLUESKY: 'Bluesky', DEMO: 'Demo data' } as const;
const SHOWN = 6;

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
  readonly askTopic = output<string>();

  private readonly apollo = inject(Apollo);
  protected readonly feed = inject(CaptureFeed);
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
      time: clockSeconds(Date.parse(post.createdAt), this.zone),
      source: post.source === 'DEMO' ? 'Demo' : SOURCES[post.source],
      text: post.text,
    })),
  );
  protected readonly examples = resource({
    params: () => (this.part() === 'body' ? true : undefined),
    loader: async () => {
      const { data } = await firstValueFrom(this.apollo.query({ query: ExampleTopicsDocument }));
      return (data?.exampleTopics ?? []).map(({ topic, note }) => ({
        topic,
        note: note.charAt(0).toUpperCase() + note.slice(1),
        spans: paint(topic, null),
      }));
    },
  });
  /** "the last 7 days", as far as the lake goes back. */
  protected readonly reach = computed(() => {
    const { oldest, posts } = this.feed.capture() ?? {};
    if (!oldest || !posts) return null;
    const newest = Date.parse(this.feed.capture()?.watermark ?? '') || Date.now();
    return { span: duration(Math.max(60_000, newest - Date.parse(oldest))), posts: num(posts) };
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
  private readonly zone = viewerZone();
}
