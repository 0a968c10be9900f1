import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { Topic } from '@analytica/domain/topic';
import { Clock } from '../../core/clock';
import { count } from '../../core/format';
import { type MarkSpan, markSpans } from '../../core/topic';
import type { AskView } from './ask-view';
import { type PostEdge, PostPages } from '../../data/post-pages';
import { Icon } from '../../ui/icon';
import { Panel } from '../../ui/panel';
import { PostList, type PostRow } from '../../ui/post-list';
import { type Segment, Segments } from '../../ui/segments';

/** The posts of the answer, newest or most retweeted first. */
@Component({
  selector: 'ta-posts-rail',
  imports: [Icon, Panel, PostList, Segments],
  templateUrl: './posts-rail.html',
  host: { class: 'rail', id: 'posts' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PostsRail {
  readonly topic = input.required<Topic | null>();
  readonly order = input.required<AskView['order']>();
  /** Null before anything is read. */
  readonly matching = input.required<number | null>();
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
    return matching === null ? 'Posts' : count(matching, 'post');
  });
  protected readonly sub = computed(() => {
    const order = this.order() === 'newest' ? 'newest first' : 'by retweets captured here';
    if (this.matching() === null) return '';
    return this.partial() ? `So far, ${order}` : order.charAt(0).toUpperCase() + order.slice(1);
  });
  readonly #marks = new WeakMap<PostEdge, MarkSpan[]>();
  protected readonly rows = computed(() => {
    const topic = this.topic();
    return this.posts.pages().map((page) => page.map((edge): PostRow => this.#row(edge, topic)));
  });

  #row(edge: PostEdge, topic: Topic | null): PostRow {
    let marks = this.#marks.get(edge);
    if (!marks) this.#marks.set(edge, (marks = markSpans(edge.node.text, topic)));
    return {
      key: edge.cursor,
      post: edge.node,
      marks,
      captured: edge.capturedRetweets,
      reported: edge.reportedRetweets,
    };
  }
}
