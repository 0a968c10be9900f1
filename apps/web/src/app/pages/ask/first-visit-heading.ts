import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { capturedSpanText, newestPostTime } from '../../core/captured-span';
import { Clock } from '../../core/clock';
import { viewerZone, wholeNumber } from '../../core/format';
import { CaptureFeed } from '../../data/capture-feed';

/** The headline above the form before anything is asked, and which posts there are to ask about. */
@Component({
  selector: 'ta-first-visit-heading',
  template: `<h1>What is being said, by whom, how much, when</h1>
    <p class="lead">
      @if (captured(); as c) {
        Ask about any topic in the {{ c.posts }} {{ c.demo ? 'demo posts' : 'posts' }} {{ c.when }}.
      } @else {
        Ask about any topic in the posts captured here.
      }
      Every answer says how many posts were read and how fresh they are.
    </p>`,
  host: { class: 'block' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstVisitHeading {
  readonly #feed = inject(CaptureFeed);
  readonly #clock = inject(Clock);
  readonly #zone = viewerZone();

  protected readonly captured = computed(() => {
    const capture = this.#feed.capture();
    if (!capture?.oldest || !capture.posts) return null;
    const when = capturedSpanText(Date.parse(capture.oldest), newestPostTime(capture), this.#zone, this.#clock.now());
    return { posts: wholeNumber(capture.posts), demo: capture.demo, when };
  });
}
