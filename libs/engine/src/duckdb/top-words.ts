import { TOP_LIST_LENGTH, type RankedList } from '@analytica/domain';
import { allStopWords } from '@analytica/domain/stop-words';
import { wordInTerms } from '@analytica/lake';
import type { MatchedSet } from './matched-set.js';
import type { Session } from './session.js';
import { asNumber, asText, byBytes } from './values.js';

/** Words with the most uses that are looked at first: nearly always the top list by posts is among them. */
const FIRST_CANDIDATES = 36;

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

/** Every use of a token: words and, in posts whose words are among those of `terms`, others, empty ones at both ends too. */
function tokensOf(set: MatchedSet): string {
  return `(SELECT n, lang, of_terms, unnest(string_split(words, ' ')) AS key FROM ${set.live} WHERE words IS NOT NULL)`;
}

async function wordsByUses(
  session: Session,
  set: MatchedSet,
  includeStopWords: boolean,
  limit: string,
  least: number,
): Promise<{ words: { key: string; uses: number }[]; distinct: number; total: number }> {
  // What is no word and what is a stop word goes after grouping: a look at each different token, not at each use.
  const stops = includeStopWords
    ? ''
    : 'ANTI JOIN stop_words ON used.lang = stop_words.lang AND used.key = stop_words.word';
  const rows = await session.rows(`
    WITH used AS (
      SELECT lang, of_terms, key, count(*) AS uses FROM ${tokensOf(set)} GROUP BY lang, of_terms, key
    ), counted AS (
      SELECT key, CAST(sum(uses) AS BIGINT) AS uses FROM used ${stops}
      WHERE NOT of_terms OR ${wordInTerms('key')} GROUP BY key
    )
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
       SELECT used.n, used.lang, used.key, chosen.word FROM ${tokensOf(set)} AS used
       JOIN (
         SELECT key, word, ${wordInTerms('key')} AS in_terms
         FROM (SELECT unnest(?) AS key, unnest(range(${String(keys.length)})) AS word)
       ) AS chosen ON used.key = chosen.key
       WHERE chosen.in_terms OR NOT used.of_terms
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

/** Posts with nothing but stop words. Most posts show at their first or last token that they are none of them. */
async function postsOfStopWordsOnly(session: Session, set: MatchedSet): Promise<number> {
  const passedOver = `(EXISTS (FROM stop_words AS s WHERE s.lang = p.lang AND s.word = p.token)
    OR (of_terms AND NOT (${wordInTerms('token')})))`;
  // In `terms` the place at either end is empty.
  const ends = (from: string, direction: 1 | -1): string =>
    `SELECT n, lang, of_terms, words FROM (
       SELECT n, lang, of_terms, words,
         split_part(words, ' ', ${String(direction)} * CASE WHEN of_terms THEN 2 ELSE 1 END) AS token FROM ${from}
     ) AS p WHERE ${passedOver}`;
  const [row] = await session.rows(`
    WITH begun AS MATERIALIZED (${ends(set.live, 1)} AND words IS NOT NULL), suspects AS (${ends('begun', -1)}), others AS (
      SELECT DISTINCT n FROM (SELECT n, lang, of_terms, unnest(string_split(words, ' ')) AS token FROM suspects) AS p
      WHERE NOT ${passedOver}
    )
    SELECT (SELECT count(*) FROM suspects) - (SELECT count(*) FROM others)`);
  return asNumber(row?.[0]);
}
