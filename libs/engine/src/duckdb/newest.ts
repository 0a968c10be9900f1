import type { DisplayPost } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { fetchStored } from './display-rows.js';
import type { MatchedSet } from './matched-set.js';
import type { ScanFile } from './partitions.js';
import type { Session } from './session.js';
import { asText } from './values.js';

/** The order of rule 16: total, so that pages never overlap. */
const NEWEST_FIRST = 'created DESC, id DESC, source';

/** A page of the settled set's posts, newest first. */
export async function newestPosts(
  session: Session,
  snapshot: Snapshot,
  set: MatchedSet,
  files: readonly ScanFile[],
  offset: number,
  limit: number,
): Promise<readonly DisplayPost[]> {
  const places = (
    await session.rows(
      `SELECT file, file_row, created, id FROM ${set.live} ORDER BY ${NEWEST_FIRST}
       LIMIT ${String(limit)} OFFSET ${String(offset)}`,
    )
  ).map((row) => ({ order: Number(row[0]), fileRow: Number(row[1]), created: Number(row[2]), id: asText(row[3]) }));
  const wanted = new Set(places.map(({ order }) => order));
  const stored = await fetchStored(
    session,
    snapshot,
    files.filter(({ order }) => wanted.has(order)),
    [...new Set(places.map(({ created }) => created))],
    places.map(({ id }) => id),
  );
  const byPlace = new Map(stored.map((row) => [`${String(row.order)}:${String(row.fileRow)}`, row.post]));
  return places.flatMap(({ order, fileRow }) => byPlace.get(`${String(order)}:${String(fileRow)}`) ?? []);
}
