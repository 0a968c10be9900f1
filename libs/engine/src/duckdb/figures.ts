import { cellLength, type AnalysisFigures, type AnalysisSpec, type IntervalCell } from '@analytica/domain';
import type { MatchedSet } from './matched-set.js';
import { RankedLists } from './ranked-lists.js';
import type { Session } from './session.js';
import { asNumber } from './values.js';

async function cellsOf(session: Session, set: MatchedSet, spec: AnalysisSpec): Promise<readonly IntervalCell[]> {
  const length = String(cellLength(spec.interval));
  const rows = await session.rows(`
    SELECT created - created % ${length} AS start, count(*), count(retweet_of),
      count(*) FILTER (is_reply), count(*) FILTER (is_quote)
    FROM ${set.live} GROUP BY start ORDER BY start`);
  return rows.map((row) => ({
    start: asNumber(row[0]),
    posts: asNumber(row[1]),
    retweets: asNumber(row[2]),
    replies: asNumber(row[3]),
    quotes: asNumber(row[4]),
  }));
}

/** All figures of a settled matched set (rules 14 to 17). */
export async function figuresOf(session: Session, set: MatchedSet, spec: AnalysisSpec): Promise<AnalysisFigures> {
  const lists = new RankedLists(session, set);
  const cells = await cellsOf(session, set, spec);
  const words = await lists.words(spec.includeStopWords);
  const authors = await lists.authors();
  const sum = (field: 'posts' | 'retweets' | 'replies' | 'quotes'): number =>
    cells.reduce((total, cell) => total + cell[field], 0);
  return {
    counts: {
      posts: sum('posts'),
      retweets: sum('retweets'),
      replies: sum('replies'),
      quotes: sum('quotes'),
      authors: authors.distinct,
      words: words.uses,
    },
    hashtags: await lists.hashtags(),
    words: words.list,
    mentions: await lists.mentions(),
    authors,
    domains: await lists.domains(),
    cells,
  };
}
