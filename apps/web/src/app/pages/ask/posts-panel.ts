import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { Topic } from '@analytica/domain/topic';
import { Clock } from '../../core/clock';
import { countOf } from '../../core/format';
import { type MatchSpan, matchSpans } from '../../core/topic';
import { type PostEdge, PostPages } from '../../data/post-pages';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';
import { PostList, type PostRow } from '../../ui/post-list';
import { type Segment, SegmentedControl } from '../../ui/segmented-control';
import type { AskView } from './ask-view';

/** The posts of the answer, newest or most retweeted first. */
@Component({
  selector: 'ta-posts-panel',
  imports: [Icon, Panel, PostList, SegmentedControl],
  templateUrl: './posts-panel.html',
  host: { class: 'rail', id: 'posts' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PostsPanel {
  readonly topic = input.required<Topic | null>();
  readonly order = input.required<AskView['order']>();
  /** How many posts match; null before anything is read. */
  readonly matching = input.required<number | null>();
  /** More posts may match. */
  readonly partial = input.required<boolean>();
  readonly setOrder = output<AskView['order']>();

  protected readonly posts = inject(PostPages);
  protected readonly now = inject(Clock).now;
  protected readonly orders: readonly Segment<AskView['order']>[] = [
    { value: 'newest', label: 'Newest' },
    { value: 'retweeted', label: 'Most retweeted' },
  ];
  protected readonly heading = computed(() => {
    const matching = this.matching();
    return matching === null ? 'Posts' : countOf(matching, 'post');
  });
  protected readonly subheading = computed(() => {
    const order = this.order() === 'newest' ? 'newest first' : 'by retweets captured here';
    if (this.matching() === null) return '';
    return this.partial() ? `So far, ${order}` : order.charAt(0).toUpperCase() + order.slice(1);
  });
  readonly #marks = new WeakMap<PostEdge, MatchSpan[]>();
  protected readonly rows = computed(() => {
    const topic = this.topic();
    return this.posts.pages().map((page) => page.map((edge): PostRow => this.#row(edge, topic)));
  });

  #row(edge: PostEdge, topic: Topic | null): PostRow {
    let marks = this.#marks.get(edge);
    if (!marks) this.#marks.set(edge, (marks = matchSpans(edge.node.text, topic)));
    return {
      key: edge.cursor,
      post: edge.node,
      marks,
      captured: edge.capturedRetweets,
      reported: edge.reportedRetweets,
    };
  }
}
