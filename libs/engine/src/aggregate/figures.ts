import { setImmediate } from 'node:timers/promises';
import { cellLength, type AnalysisFigures, type Interval, type IntervalCell } from '@analytica/domain';
import { NOTHING } from './dictionary.js';
import type { LivePosts } from './live-posts.js';
import { QUOTE, REPLY } from './matched-posts.js';
import { ranking } from './ranked.js';
import { topAuthors } from './top-authors.js';

/** All figures of a matched set (rules 14 to 17). Gives way to others between one list and the next. */
export async function figuresOf(live: LivePosts, interval: Interval): Promise<AnalysisFigures> {
  const { posts } = live;
  const cells = cellsOf(live, cellLength(interval));
  const sum = (field: Exclude<keyof IntervalCell, 'start'>): number =>
    cells.reduce((total, cell) => total + cell[field], 0);
  const authors = topAuthors(live);
  await setImmediate();
  const words = ranking(live, posts.words, posts.wordTexts.dictionary);
  await setImmediate();
  const hashtags = ranking(live, posts.tags, posts.tagTexts, posts.tagLabels);
  await setImmediate();
  const mentions = ranking(live, posts.mentions, posts.mentionTexts);
  const domains = ranking(live, posts.domains, posts.domainTexts);
  return {
    counts: {
      posts: live.count,
      retweets: sum('retweets'),
      replies: sum('replies'),
      quotes: sum('quotes'),
      authors: authors.distinct,
      words: words.uses,
    },
    hashtags: hashtags.list,
    words: words.list,
    mentions: mentions.list,
    authors,
    domains: domains.list,
    cells,
  };
}

/** A cell that is being counted. */
type Counted = { -readonly [Field in keyof IntervalCell]: IntervalCell[Field] };

function cellsOf(live: LivePosts, length: number): IntervalCell[] {
  const { created, retweetOf, kind, rows } = live.posts;
  const cells = new Map<number, Counted>();
  let cell: Counted | undefined;
  for (let row = 0; row < rows; row++) {
    if (!live.has(row)) continue;
    const start = Math.floor(created.at(row) / length) * length;
    // Posts that lie together were created together.
    if (cell?.start !== start) cell = cells.get(start);
    if (cell === undefined) {
      cell = { start, posts: 0, retweets: 0, replies: 0, quotes: 0 };
      cells.set(start, cell);
    }
    cell.posts++;
    if (retweetOf.at(row) !== NOTHING) cell.retweets++;
    if ((kind.at(row) & REPLY) !== 0) cell.replies++;
    if ((kind.at(row) & QUOTE) !== 0) cell.quotes++;
  }
  return [...cells.values()].sort((a, b) => a.start - b.start);
}
