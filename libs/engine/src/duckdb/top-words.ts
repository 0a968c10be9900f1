import { TOP_LIST_LENGTH, type RankedList } from '@analytica/domain';
import { allStopWords } from '@analytica/domain/stop-words';
import type { MatchedSet } from './matched-set.js';
import type { Session } from './session.js';
import { asNumber, asText, byBytes } from './values.js';

/** Words with the most uses that are looked at first: nearly always the top list by posts is among them. */
const FIRST_CANDIDATES = 48;

const anyStopWord: ReadonlySet<string> = new Set(Object.values(allStopWords()).flat());

/** The top words and the uses of all words together. */
export interface TopWords {
  readonly list: RankedList;
  readonly uses: number;
}

interface Counted {
  readonly key: string;
  readonly posts: number;
  readonly uses: number;
}

/**
 * Ranks words by distinct posts (rules 15 and 16) without counting the posts of every word: uses are never fewer than posts,
 * so that only words with at least as many uses as the last place has posts can be in the list.
 */
export async function topWords(
  session: Session,
  set: MatchedSet,
  includeStopWords: boolean,
  postsWithWords: number,
): Promise<TopWords> {
  const first = await wordsByUses(session, set, includeStopWords, `LIMIT ${String(FIRST_CANDIDATES + 1)}`, 1);
  if (first.words.length === 0) return { list: { entries: [], distinct: 0, postsWith: 0 }, uses: 0 };
  let candidates = first.words.slice(0, FIRST_CANDIDATES);
  let top = await countPosts(session, set, includeStopWords, candidates);
  const leftOut = first.words[FIRST_CANDIDATES]?.uses ?? 0;
  const least = Math.max(top[TOP_LIST_LENGTH - 1]?.posts ?? 0, 1);
  if (leftOut >= least) {
    candidates = (await wordsByUses(session, set, includeStopWords, '', least)).words;
    top = await countPosts(session, set, includeStopWords, candidates);
  }
  const best = top.slice(0, TOP_LIST_LENGTH);
  const authors = await countAuthors(
    session,
    best.map(({ key }) => candidates.findIndex((candidate) => candidate.key === key)),
  );
  const entries = best.map(({ key, posts, uses }, index) => ({
    key,
    label: key,
    posts,
    uses,
    authors: authors[index] ?? 0,
  }));
  const stopped = includeStopWords ? 0 : await postsOfStopWordsOnly(session, set);
  return { list: { entries, distinct: first.distinct, postsWith: postsWithWords - stopped }, uses: first.total };
}

async function wordsByUses(
  session: Session,
  set: MatchedSet,
  includeStopWords: boolean,
  limit: string,
  least: number,
): Promise<{ words: { key: string; uses: number }[]; distinct: number; total: number }> {
  // Stop words go after grouping: a lookup for each different word, not for each use.
  const counted = includeStopWords
    ? `SELECT key, count(*) AS uses FROM (SELECT unnest(words) AS key FROM ${set.live}) GROUP BY key`
    : `SELECT key, CAST(sum(uses) AS BIGINT) AS uses FROM (
         SELECT lang, key, count(*) AS uses FROM (SELECT lang, unnest(words) AS key FROM ${set.live}) GROUP BY lang, key
       ) AS used ANTI JOIN stop_words ON used.lang = stop_words.lang AND used.key = stop_words.word GROUP BY key`;
  const rows = await session.rows(`
    WITH counted AS (${counted})
    SELECT key, uses, (SELECT count(*) FROM counted), (SELECT CAST(sum(uses) AS BIGINT) FROM counted) FROM counted
    WHERE uses >= ${String(least)} ORDER BY uses DESC ${limit}`);
  return {
    words: rows.map((row) => ({ key: asText(row[0]), uses: asNumber(row[1]) })),
    distinct: asNumber(rows[0]?.[2]),
    total: asNumber(rows[0]?.[3]),
  };
}

/** Exact counts of some words in the list's order; leaves who used them in the temporary table `hits (word, n, uses)`. */
async function countPosts(
  session: Session,
  set: MatchedSet,
  includeStopWords: boolean,
  candidates: readonly { readonly key: string }[],
): Promise<Counted[]> {
  const keys = candidates.map(({ key }) => key);
  const stops =
    includeStopWords || !keys.some((key) => anyStopWord.has(key))
      ? ''
      : 'ANTI JOIN stop_words ON used.lang = stop_words.lang AND used.key = stop_words.word';
  await session.run(
    `CREATE OR REPLACE TEMP TABLE hits AS
     SELECT word, n, count(*) AS uses FROM (
       SELECT used.n, used.lang, used.key, chosen.word
       FROM (SELECT n, lang, unnest(words) AS key FROM ${set.live}) AS used
       JOIN (SELECT unnest(?) AS key, unnest(range(${String(keys.length)})) AS word) AS chosen ON used.key = chosen.key
     ) AS used ${stops} GROUP BY word, n`,
    [keys],
  );
  const rows = await session.rows('SELECT word, count(*), CAST(sum(uses) AS BIGINT) FROM hits GROUP BY word');
  return rows
    .map((row) => ({ key: keys[asNumber(row[0])] ?? '', posts: asNumber(row[1]), uses: asNumber(row[2]) }))
    .sort((a, b) => b.posts - a.posts || byBytes(a.key, b.key));
}

async function countAuthors(session: Session, words: readonly number[]): Promise<number[]> {
  const rows = await session.rows(`
    SELECT word, count(*) FROM (
      SELECT DISTINCT word, source, author_id FROM hits JOIN matched ON hits.n = matched.rowid
      WHERE word IN (${words.join(', ')})
    ) GROUP BY word`);
  const authors = new Map(rows.map((row) => [asNumber(row[0]), asNumber(row[1])]));
  return words.map((word) => authors.get(word) ?? 0);
}

/** Posts with nothing but stop words. Most posts show at their first or last word that they are none of them. */
async function postsOfStopWordsOnly(session: Session, set: MatchedSet): Promise<number> {
  const [row] = await session.rows(`
    WITH begins AS (
      SELECT n, p.lang, words FROM ${set.live} AS p
      SEMI JOIN stop_words AS s ON p.lang = s.lang AND p.words[1] = s.word
    ), suspects AS (
      SELECT n, p.lang, words FROM begins AS p SEMI JOIN stop_words AS s ON p.lang = s.lang AND p.words[-1] = s.word
    ), others AS (
      SELECT DISTINCT n FROM (SELECT n, lang, unnest(words) AS word FROM suspects) AS p
      ANTI JOIN stop_words AS s ON p.lang = s.lang AND p.word = s.word
    )
    SELECT (SELECT count(*) FROM suspects) - (SELECT count(*) FROM others)`);
  return asNumber(row?.[0]);
}
