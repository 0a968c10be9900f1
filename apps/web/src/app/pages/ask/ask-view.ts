/** How an answer is shown. A change of it asks nothing. */
export interface AskView {
  readonly volume: 'chart' | 'table';
  /** What the chart shows. */
  readonly metric: Metric;
  readonly hashtags: 'table' | 'bars';
  readonly order: 'newest' | 'retweeted';
  /** On a phone: which half of the answer is shown. */
  readonly tab: 'answer' | 'posts';
}

export const METRICS = ['posts', 'retweets', 'replies', 'quotes'] as const;
export type Metric = (typeof METRICS)[number];

export const DEFAULT_VIEW: AskView = {
  volume: 'chart',
  metric: 'posts',
  hashtags: 'table',
  order: 'newest',
  tab: 'answer',
};

/** Reads the `view` parameter: words between dots. Words that mean nothing are left out. */
export function readView(text: string): AskView {
  const words = new Set(text.split('.'));
  return {
    volume: words.has('volume-table') ? 'table' : 'chart',
    metric: METRICS.find((metric) => words.has(`volume-${metric}`)) ?? 'posts',
    hashtags: words.has('bars') ? 'bars' : 'table',
    order: words.has('retweeted') ? 'retweeted' : 'newest',
    tab: words.has('posts') ? 'posts' : 'answer',
  };
}

/** The `view` parameter from which `readView` reads the same view; null for the default view. */
export function writeView(view: AskView): string | null {
  const words = [
    view.volume === 'table' && 'volume-table',
    view.metric !== 'posts' && `volume-${view.metric}`,
    view.hashtags === 'bars' && 'bars',
    view.order === 'retweeted' && 'retweeted',
    view.tab === 'posts' && 'posts',
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join('.') : null;
}
