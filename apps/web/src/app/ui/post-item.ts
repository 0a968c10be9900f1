import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { ago, count, local, num, viewerZone } from '../core/format';
import type { MarkSpan } from '../core/topic';

export interface PostView {
  readonly id: string;
  readonly source: 'X' | 'BLUESKY' | 'DEMO';
  readonly createdAt: string;
  readonly text: string;
  readonly lang: string;
  readonly authorUsername: string | null;
  readonly retweetOf: string | null;
  readonly retweetOfAuthorUsername: string | null;
  readonly replyTo: string | null;
  readonly quoteOf: string | null;
  readonly retweetCount: number | null;
  readonly replyCount: number | null;
  readonly likeCount: number | null;
  readonly url: string | null;
}

const OLD_MS = 30 * 86_400_000;
const VIEWER_ZONE = viewerZone();
const SOURCES = { X: 'X', BLUESKY: 'Bluesky', DEMO: 'Demo data' } as const;

@Component({
  selector: 'ta-post',
  templateUrl: './post-item.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PostItem {
  readonly post = input.required<PostView>();
  readonly marks = input.required<readonly MarkSpan[]>();
  readonly now = input.required<number>();
  /** Captured and reported retweets, in the order of the most retweeted. */
  readonly captured = input<number | null>(null);
  readonly reported = input<number | null>(null);

  /** "3 min"; of an old post the date. */
  protected readonly age = computed(() => {
    const at = Date.parse(this.post().createdAt);
    const { day, month, year } = local(at, VIEWER_ZONE);
    return this.now() - at < OLD_MS
      ? { text: ago(at, this.now()), said: ' ago' }
      : { text: `${String(day)} ${month} ${String(year)}`, said: '' };
  });
  protected readonly source = computed(() => SOURCES[this.post().source]);
  protected readonly lang = computed(() =>
    /^[a-z]{2,3}$/.test(this.post().lang) && this.post().lang !== 'und' ? this.post().lang : null,
  );
  protected readonly facts = computed(() => {
    const post = this.post();
    const captured = this.captured();
    const facts: string[] = [];
    if (captured !== null) {
      const reported = this.reported();
      if (reported === null) facts.push(`${count(captured, 'retweet')} captured`);
      else if (reported < captured) facts.push(`${count(captured, 'retweet')} captured, ${num(reported)} reported`);
      else facts.push(`${num(captured)} of ${count(reported, 'retweet')}`);
    } else if (post.retweetOf === null && post.retweetCount)
      facts.push(`${count(post.retweetCount, 'retweet')} reported`);
    if (post.replyCount) facts.push(count(post.replyCount, 'reply', 'replies'));
    if (post.likeCount) facts.push(count(post.likeCount, 'like'));
    if (post.replyTo !== null) facts.push('reply');
    if (post.quoteOf !== null) facts.push('quote');
    return facts;
  });
  protected readonly meaning = computed(() => {
    const reported = this.reported();
    return this.captured() === null || reported === null
      ? null
      : `${num(this.captured() ?? 0)} captured here, ${num(reported)} reported by the platform`;
  });
}
