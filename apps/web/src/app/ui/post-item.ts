import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { DAY_MS } from '@analytica/domain';
import { countryNames } from '../core/countries';
import { ageText, countOf, shortDate, viewerZone, wholeNumber } from '../core/format';
import { SOURCE_NAMES } from '../core/sources';
import type { MatchSpan } from '../core/topic';

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
  /** ISO 3166-1 alpha-2. */
  readonly withheldIn: readonly string[];
  readonly url: string | null;
}

/** A post older than this is shown with its date. */
const OLD_MS = 30 * DAY_MS;
const VIEWER_ZONE = viewerZone();

/** One post with its marked text. */
@Component({
  selector: 'ta-post',
  templateUrl: './post-item.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PostItem {
  readonly post = input.required<PostView>();
  readonly marks = input.required<readonly MatchSpan[]>();
  readonly now = input.required<number>();
  /** How many retweets were captured, in the list of the most retweeted; else null. */
  readonly captured = input<number | null>(null);
  /** How many retweets the platform reports; null if it does not, and outside that list. */
  readonly reported = input<number | null>(null);

  /** "3 min", or the date of an old post; `said` follows for a screen reader. */
  protected readonly age = computed(() => {
    const at = Date.parse(this.post().createdAt);
    return this.now() - at < OLD_MS
      ? { text: ageText(at, this.now()), said: ' ago' }
      : { text: shortDate(at, VIEWER_ZONE), said: '' };
  });
  protected readonly source = computed(() => SOURCE_NAMES[this.post().source]);
  protected readonly lang = computed(() =>
    /^[a-z]{2,3}$/.test(this.post().lang) && this.post().lang !== 'und' ? this.post().lang : null,
  );
  protected readonly withheldIn = computed(() => countryNames(this.post().withheldIn));
  protected readonly facts = computed(() => {
    const post = this.post();
    const captured = this.captured();
    const facts: string[] = [];
    if (captured !== null) {
      const reported = this.reported();
      if (reported === null) facts.push(`${countOf(captured, 'retweet')} captured`);
      else if (reported < captured)
        facts.push(`${countOf(captured, 'retweet')} captured, ${wholeNumber(reported)} reported`);
      else facts.push(`${wholeNumber(captured)} of ${countOf(reported, 'retweet')}`);
    } else if (post.retweetOf === null && post.retweetCount)
      facts.push(`${countOf(post.retweetCount, 'retweet')} reported`);
    if (post.replyCount) facts.push(countOf(post.replyCount, 'reply', 'replies'));
    if (post.likeCount) facts.push(countOf(post.likeCount, 'like'));
    if (post.replyTo !== null) facts.push('reply');
    if (post.quoteOf !== null) facts.push('quote');
    return facts;
  });
  protected readonly retweetsTitle = computed(() => {
    const reported = this.reported();
    return this.captured() === null || reported === null
      ? null
      : `${wholeNumber(this.captured() ?? 0)} captured here, ${wholeNumber(reported)} reported by the platform`;
  });
}
