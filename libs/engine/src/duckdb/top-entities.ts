import { TOP_LIST_LENGTH, type RankedEntry, type RankedList } from '@analytica/domain';
import type { MatchedSet } from './matched-set.js';
import type { Session } from './session.js';
import { asNumber, asText, commonestLabels } from './values.js';

/** The lists that are short for each post, counted together: a number each, for the table's sake. */
const KINDS = ['hashtags', 'mentions', 'domains'] as const;
type Kind = (typeof KINDS)[number];

const TAG_KEYS = `string_split(tags, ' ')`;

/** The column of the matched set that has them, null where there is none, and its items. */
const COLUMNS: Readonly<Record<Kind, string>> = { hashtags: 'tags', mentions: 'mentions', domains: 'domains' };
const KEYS: Readonly<Record<Kind, string>> = {
  hashtags: TAG_KEYS,
  mentions: `string_split(mentions, ' ')`,
  domains: 'domains',
};

/** The top hashtags, mentions and domains (rule 15). `postsWith` of each is the caller's. */
export async function topEntities(
  session: Session,
  set: MatchedSet,
  postsWith: Readonly<Record<Kind, number>>,
): Promise<Record<Kind, RankedList>> {
  const each = KINDS.map(
    (kind, index) =>
      `SELECT ${String(index)} AS kind, n, unnest(${KEYS[kind]}) AS key FROM ${set.live}
       WHERE ${COLUMNS[kind]} IS NOT NULL`,
  );
  await session.run(
    `CREATE OR REPLACE TEMP TABLE entities AS
     SELECT kind, key, n, count(*) AS uses FROM (${each.join(' UNION ALL ')}) GROUP BY kind, key, n`,
  );
  const tops = KINDS.map(
    (_, index) => `(SELECT kind, key, posts, uses, (SELECT count(*) FROM counted WHERE kind = ${String(index)})
       FROM counted WHERE kind = ${String(index)} ORDER BY posts DESC, key LIMIT ${String(TOP_LIST_LENGTH)})`,
  );
  const rows = await session.rows(`
    WITH counted AS (
      SELECT kind, key, count(*) AS posts, CAST(sum(uses) AS BIGINT) AS uses FROM entities GROUP BY kind, key
    )
    SELECT * FROM (${tops.join(' UNION ALL ')}) ORDER BY kind, posts DESC, key`);
  const keys = rows.map((row) => asText(row[1]));
  const kinds = rows.map((row) => asNumber(row[0]));
  const authors = await countAuthors(session, kinds, keys);
  const labels = await hashtagLabels(
    session,
    set,
    keys.filter((_, index) => kinds[index] === 0),
  );
  const lists = KINDS.map((kind, index): RankedList => {
    const own = rows.filter((row) => asNumber(row[0]) === index);
    const entries = own.map((row): RankedEntry => {
      const key = asText(row[1]);
      return {
        key,
        label: kind === 'hashtags' ? (labels.get(key) ?? key) : key,
        posts: asNumber(row[2]),
        uses: asNumber(row[3]),
        authors: authors.get(`${String(index)} ${key}`) ?? 0,
      };
    });
    return { entries, distinct: asNumber(own[0]?.[4]), postsWith: postsWith[kind] };
  });
  const [hashtags, mentions, domains] = lists;
  if (hashtags === undefined || mentions === undefined || domains === undefined) throw new Error('A list is missing.');
  return { hashtags, mentions, domains };
}

async function countAuthors(
  session: Session,
  kinds: readonly number[],
  keys: readonly string[],
): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await session.rows(
    `SELECT kind, key, count(*) FROM (
       SELECT DISTINCT kind, key, source, author_id
       FROM entities JOIN (SELECT unnest([${kinds.join(', ')}]) AS kind, unnest(?) AS key) USING (kind, key)
       JOIN matched ON entities.n = matched.rowid
     ) GROUP BY kind, key`,
    [keys],
  );
  return new Map(rows.map((row) => [`${String(asNumber(row[0]))} ${asText(row[1])}`, asNumber(row[2])]));
}

async function hashtagLabels(session: Session, set: MatchedSet, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await session.rows(
    `SELECT key, label, count(*) FROM (
       SELECT unnest(${TAG_KEYS}) AS key, unnest(coalesce(hashtags, ${TAG_KEYS})) AS label FROM ${set.live}
       WHERE tags IS NOT NULL
     ) WHERE key IN (SELECT unnest(?)) AND label IS NOT NULL GROUP BY key, label`,
    [keys],
  );
  return commonestLabels(rows);
}
