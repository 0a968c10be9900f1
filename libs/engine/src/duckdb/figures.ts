import { cellLength, type AnalysisFigures, type AnalysisSpec, type IntervalCell } from '@analytica/domain';
import type { MatchedSet } from './matched-set.js';
import type { Session } from './session.js';
import { topAuthors } from './top-authors.js';
import { topEntities } from './top-entities.js';
import { topWords } from './top-words.js';
import { asNumber } from './values.js';

/** What one pass over the rows gives: the cells, and how many posts of each have something to rank. */
interface Cell extends IntervalCell {
  readonly withHashtags: number;
  readonly withMentions: number;
  readonly withDomains: number;
  readonly withWords: number;
}

async function cellsOf(session: Session, set: MatchedSet, spec: AnalysisSpec): Promise<readonly Cell[]> {
  const length = String(cellLength(spec.interval));
  const rows = await session.rows(`
    SELECT created - created % ${length} AS start, count(*), count(retweet_of),
      count(*) FILTER (contains(kind, 'r')), count(*) FILTER (contains(kind, 'q')),
      count(tags), count(mentions), count(domains), count(words)
    FROM ${set.live} GROUP BY start ORDER BY start`);
  return rows.map((row) => ({
    start: asNumber(row[0]),
    posts: asNumber(row[1]),
    retweets: asNumber(row[2]),
    replies: asNumber(row[3]),
    quotes: asNumber(row[4]),
    withHashtags: asNumber(row[5]),
    withMentions: asNumber(row[6]),
    withDomains: asNumber(row[7]),
    withWords: asNumber(row[8]),
  }));
}

/** All figures of a settled matched set (rules 14 to 17). */
export async function figuresOf(session: Session, set: MatchedSet, spec: AnalysisSpec): Promise<AnalysisFigures> {
  const cells = await cellsOf(session, set, spec);
  const sum = (field: Exclude<keyof Cell, 'start'>): number => cells.reduce((total, cell) => total + cell[field], 0);
  const words = await topWords(session, set, spec.includeStopWords, sum('withWords'));
  const authors = await topAuthors(session, set);
  const entities = await topEntities(session, set, {
    hashtags: sum('withHashtags'),
    mentions: sum('withMentions'),
    domains: sum('withDomains'),
  });
  return {
    counts: {
      posts: sum('posts'),
      retweets: sum('retweets'),
      replies: sum('replies'),
      quotes: sum('quotes'),
      authors: authors.distinct,
      words: words.uses,
    },
    ...entities,
    words: words.list,
    authors,
    cells: cells.map(({ start, posts, retweets, replies, quotes }) => ({ start, posts, retweets, replies, quotes })),
  };
}
