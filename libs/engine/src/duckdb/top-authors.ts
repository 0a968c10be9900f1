import { TOP_LIST_LENGTH, type PostSource, type RankedEntry, type RankedList } from '@analytica/domain';
import type { MatchedSet } from './matched-set.js';
import type { Session } from './session.js';
import { asNumber, asText, commonestLabels } from './values.js';

/** The top authors, and how many there are (rule 15). */
export async function topAuthors(session: Session, set: MatchedSet): Promise<RankedList> {
  const rows = await session.rows(`
    WITH counted AS (SELECT source, author_id, count(*) AS posts FROM ${set.live} GROUP BY source, author_id)
    SELECT source, author_id, posts, (SELECT count(*) FROM counted) FROM counted
    ORDER BY posts DESC, author_id, source LIMIT ${String(TOP_LIST_LENGTH)}`);
  const labels = await authorLabels(
    session,
    set,
    rows.map((row) => asText(row[1])),
  );
  const entries = rows.map((row): RankedEntry => {
    const source = asText(row[0]) as PostSource;
    const key = asText(row[1]);
    const posts = asNumber(row[2]);
    return { key, label: labels.get(`${source} ${key}`) ?? key, posts, uses: posts, authors: 1, source };
  });
  return { entries, distinct: asNumber(rows[0]?.[3]), postsWith: set.liveRows };
}

async function authorLabels(session: Session, set: MatchedSet, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await session.rows(
    `SELECT source || ' ' || author_id, author_username, count(*) FROM ${set.live}
     WHERE author_id IN (SELECT unnest(?)) AND author_username IS NOT NULL GROUP BY source, author_id, author_username`,
    [ids],
  );
  return commonestLabels(rows);
}
