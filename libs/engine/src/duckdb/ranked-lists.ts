import { TOP_LIST_LENGTH, type PostSource, type RankedEntry, type RankedList } from '@analytica/domain';
import type { MatchedSet } from './matched-set.js';
import type { Row, Session } from './session.js';
import { asNumber, asText } from './values.js';

/** Keys with the most uses that are looked at first: nearly always the top list by posts is among them. */
const FIRST_CANDIDATES = 64;

/** One list of a post whose keys are ranked. */
interface KeySource {
  /** The keys of a row, a VARCHAR[] (null: none). */
  readonly keys: string;
  /** Whether a row has any. */
  readonly has: string;
  /** Leave out the stop words of the row's language. */
  readonly stopWords: boolean;
}

const HASHTAG_KEYS = `CASE WHEN tags <> ' ' THEN string_split(trim(tags), ' ') END`;

const HASHTAGS: KeySource = { keys: HASHTAG_KEYS, has: `tags <> ' '`, stopWords: false };
const MENTIONS: KeySource = { keys: 'mentions', has: 'len(mentions) > 0', stopWords: false };
const DOMAINS: KeySource = { keys: 'domains', has: 'len(domains) > 0', stopWords: false };

/** A top list and the uses of all its keys together. */
export interface Ranking {
  readonly list: RankedList;
  readonly uses: number;
}

interface Keyed {
  readonly key: string;
  readonly posts: number;
  readonly uses: number;
}

/** Bytewise by UTF-8, which UTF-16 code units do not give beyond the BMP. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The top lists of a matched set (rule 15). */
export class RankedLists {
  readonly #session: Session;
  readonly #set: MatchedSet;

  constructor(session: Session, set: MatchedSet) {
    this.#session = session;
    this.#set = set;
  }

  async hashtags(): Promise<RankedList> {
    const { list } = await this.#ranked(HASHTAGS);
    const labels = await this.#hashtagLabels(list.entries.map(({ key }) => key));
    return { ...list, entries: list.entries.map((entry) => ({ ...entry, label: labels.get(entry.key) ?? entry.key })) };
  }

  async mentions(): Promise<RankedList> {
    return (await this.#ranked(MENTIONS)).list;
  }

  async domains(): Promise<RankedList> {
    return (await this.#ranked(DOMAINS)).list;
  }

  /** The words and the total of their uses (rule 16). */
  words(includeStopWords: boolean): Promise<Ranking> {
    return this.#ranked({ keys: 'words', has: 'len(words) > 0', stopWords: !includeStopWords });
  }

  async authors(): Promise<RankedList> {
    const rows = await this.#session.rows(`
      WITH counted AS (SELECT source, author_id, count(*) AS posts FROM ${this.#set.live} GROUP BY source, author_id)
      SELECT source, author_id, posts, (SELECT count(*) FROM counted) FROM counted
      ORDER BY posts DESC, author_id, source LIMIT ${String(TOP_LIST_LENGTH)}`);
    const labels = await this.#authorLabels(rows.map((row) => asText(row[1])));
    const entries = rows.map((row): RankedEntry => {
      const source = asText(row[0]) as PostSource;
      const key = asText(row[1]);
      const posts = asNumber(row[2]);
      return { key, label: labels.get(`${source} ${key}`) ?? key, posts, uses: posts, authors: 1, source };
    });
    return { entries, distinct: asNumber(rows[0]?.[3]), postsWith: this.#set.liveRows };
  }

  /**
   * Ranks by distinct posts without counting them for every key: uses are never fewer than posts, so that only keys with
   * at least as many uses as the last place has posts can be in the list.
   */
  async #ranked(source: KeySource): Promise<Ranking> {
    const first = await this.#byUses(source, FIRST_CANDIDATES + 1);
    if (first.keys.length === 0) return { list: { entries: [], distinct: 0, postsWith: 0 }, uses: 0 };
    let top = await this.#byPosts(
      source,
      first.keys.slice(0, FIRST_CANDIDATES).map(({ key }) => key),
    );
    const leftOut = first.keys[FIRST_CANDIDATES]?.uses ?? 0;
    const least = top[TOP_LIST_LENGTH - 1]?.posts ?? 0;
    if (leftOut >= Math.max(least, 1)) {
      const all = await this.#byUses(source, null, Math.max(least, 1));
      top = await this.#byPosts(
        source,
        all.keys.map(({ key }) => key),
      );
    }
    const best = top.slice(0, TOP_LIST_LENGTH);
    const authors = await this.#authorsOf(best.map(({ key }) => key));
    const entries = best.map(({ key, posts, uses }) => ({
      key,
      label: key,
      posts,
      uses,
      authors: authors.get(key) ?? 0,
    }));
    return { list: { entries, distinct: first.distinct, postsWith: await this.#postsWith(source) }, uses: first.total };
  }

  async #byUses(
    source: KeySource,
    limit: number | null,
    least = 1,
  ): Promise<{ keys: { key: string; uses: number }[]; distinct: number; total: number }> {
    // Stop words go after grouping: a lookup for each different word, not for each use.
    const counted = source.stopWords
      ? `SELECT key, CAST(sum(uses) AS BIGINT) AS uses FROM (
           SELECT lang, key, count(*) AS uses FROM (SELECT lang, unnest(${source.keys}) AS key FROM ${this.#set.live})
           GROUP BY lang, key
         ) AS used ANTI JOIN stop_words ON used.lang = stop_words.lang AND used.key = stop_words.word GROUP BY key`
      : `SELECT key, count(*) AS uses FROM (SELECT unnest(${source.keys}) AS key FROM ${this.#set.live}) GROUP BY key`;
    const rows = await this.#session.rows(`
      WITH counted AS (${counted})
      SELECT key, uses, (SELECT count(*) FROM counted), (SELECT CAST(sum(uses) AS BIGINT) FROM counted) FROM counted
      WHERE uses >= ${String(least)} ORDER BY uses DESC ${limit === null ? '' : `LIMIT ${String(limit)}`}`);
    return {
      keys: rows.map((row) => ({ key: asText(row[0]), uses: asNumber(row[1]) })),
      distinct: asNumber(rows[0]?.[2]),
      total: asNumber(rows[0]?.[3]),
    };
  }

  /** Exact counts of some keys in the list's order; leaves their uses in the temporary table `hits`. */
  async #byPosts(source: KeySource, keys: readonly string[]): Promise<Keyed[]> {
    const used = `SELECT n, source, author_id, lang, unnest(${source.keys}) AS key FROM ${this.#set.live}`;
    const counting = source.stopWords
      ? `ANTI JOIN stop_words ON used.lang = stop_words.lang AND used.key = stop_words.word`
      : '';
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE hits AS
       SELECT key, n, any_value(source) AS source, any_value(author_id) AS author_id, count(*) AS uses
       FROM (SELECT * FROM (${used}) WHERE key IN (SELECT unnest(?))) AS used ${counting} GROUP BY key, n`,
      [keys],
    );
    const rows = await this.#session.rows(
      `SELECT key, count(*) AS posts, CAST(sum(uses) AS BIGINT) FROM hits GROUP BY key
       ORDER BY posts DESC, key LIMIT ${String(TOP_LIST_LENGTH)}`,
    );
    return rows.map((row) => ({ key: asText(row[0]), posts: asNumber(row[1]), uses: asNumber(row[2]) }));
  }

  async #authorsOf(keys: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#session.rows(
      `SELECT key, count(*) FROM (SELECT DISTINCT key, source, author_id FROM hits WHERE key IN (SELECT unnest(?)))
       GROUP BY key`,
      [keys],
    );
    return new Map(rows.map((row) => [asText(row[0]), asNumber(row[1])]));
  }

  async #postsWith(source: KeySource): Promise<number> {
    const [row] = await this.#session.rows(`SELECT count(*) FROM ${this.#set.live} WHERE ${source.has}`);
    if (!source.stopWords) return asNumber(row?.[0]);
    // Less the posts with nothing but stop words. Most posts show at their first or last word that they are none of them.
    const [stopped] = await this.#session.rows(`
      WITH begins AS (
        SELECT n, p.lang, words FROM ${this.#set.live} AS p
        SEMI JOIN stop_words AS s ON p.lang = s.lang AND p.words[1] = s.word
      ), suspects AS (
        SELECT n, p.lang, words FROM begins AS p SEMI JOIN stop_words AS s ON p.lang = s.lang AND p.words[-1] = s.word
      ), others AS (
        SELECT DISTINCT n FROM (SELECT n, lang, unnest(words) AS word FROM suspects) AS p
        ANTI JOIN stop_words AS s ON p.lang = s.lang AND p.word = s.word
      )
      SELECT (SELECT count(*) FROM suspects) - (SELECT count(*) FROM others)`);
    return asNumber(row?.[0]) - asNumber(stopped?.[0]);
  }

  async #hashtagLabels(keys: readonly string[]): Promise<Map<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#session.rows(
      `SELECT key, label, count(*) FROM (
         SELECT unnest(${HASHTAG_KEYS}) AS key, unnest(hashtags) AS label FROM ${this.#set.live} WHERE tags <> ' '
       ) WHERE key IN (SELECT unnest(?)) AND label IS NOT NULL GROUP BY key, label`,
      [keys],
    );
    return commonest(rows);
  }

  async #authorLabels(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#session.rows(
      `SELECT source || ' ' || author_id, author_username, count(*) FROM ${this.#set.live}
       WHERE author_id IN (SELECT unnest(?)) AND author_username IS NOT NULL GROUP BY source, author_id, author_username`,
      [ids],
    );
    return commonest(rows);
  }
}

/** Of (key, label, count) rows the commonest label of each key, ties bytewise least. */
function commonest(rows: readonly Row[]): Map<string, string> {
  const best = new Map<string, { label: string; count: number }>();
  for (const row of rows) {
    const key = asText(row[0]);
    const label = asText(row[1]);
    const count = asNumber(row[2]);
    const known = best.get(key);
    if (known === undefined || count > known.count || (count === known.count && byBytes(label, known.label) < 0)) {
      best.set(key, { label, count });
    }
  }
  return new Map([...best].map(([key, { label }]) => [key, label]));
}
